//! Tables that nobody migrates.

/// Tables that the tools around a schema keep for themselves: ours, sea-orm-migration's, and those of SeaORM's
/// role-based access control, which it creates and changes on its own. They are never read, and an entity of one asks
/// for nothing.
pub const BOOKKEEPING: [&str; 9] = [
    "autogen_history",
    "seaql_migrations",
    "sea_orm_permission",
    "sea_orm_resource",
    "sea_orm_role",
    "sea_orm_role_hierarchy",
    "sea_orm_role_permission",
    "sea_orm_user_override",
    "sea_orm_user_role",
];
