-- Somebody's export and erasure look for the invitations to their address in every studio.
ALTER TABLE invitations_rows
    ADD KEY invitations_by_address (email);
