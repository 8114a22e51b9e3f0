-- Ids are in the order of time: the list of one's sessions reads them as they are.
ALTER TABLE sessions
    DROP KEY sessions_of_a_user,
    ADD KEY sessions_of_a_user (user_id, id);
