-- With only one of the two in an index, the server reads everybody of the role and everybody who is active, to see who is both.
ALTER TABLE users
    ADD KEY active_users_by_role (role, is_active, id);
