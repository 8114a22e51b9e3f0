-- Null for who was erased: they are in no list. Lists are newest first, by id; a search goes by how a name or an address begins.
ALTER TABLE users
    ADD COLUMN is_active BOOLEAN AS (CASE WHEN erased_at IS NULL THEN deactivated_at IS NULL END) STORED,
    ADD KEY users_by_activity (is_active, id),
    ADD KEY users_by_role (role, id),
    ADD KEY users_by_first_name (first_name),
    ADD KEY users_by_last_name (last_name);
