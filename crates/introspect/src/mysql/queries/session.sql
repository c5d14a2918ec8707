-- What the session is: names of tables compare without case where the server keeps them so.
SELECT CONVERT(DATABASE() USING utf8mb4) AS name,
       CAST(@@lower_case_table_names AS SIGNED) AS folded
