-- How many statements that change a schema the server has begun to run, whoever gave them. Everybody may ask.
SHOW GLOBAL STATUS WHERE Variable_name IN (
    'Com_create_table', 'Com_create_index', 'Com_create_view', 'Com_create_trigger',
    'Com_alter_table', 'Com_rename_table',
    'Com_drop_table', 'Com_drop_index', 'Com_drop_view', 'Com_drop_trigger'
)
