-- What a vote must be, whatever the diagram or the program says: on an open question, never of who asked, never
-- twice by one person while the first one stands, in a step by somebody whom the step names, for somebody else only
-- while a delegation is in force.

CREATE OR REPLACE FUNCTION approvals_may_fill(person uuid, step approvals_flowstep) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT person = ANY (step.people) OR EXISTS (
        SELECT 1 FROM access_membership m JOIN access_user u ON u.id = m.user_id
        WHERE m.user_id = person AND m.company_id = step.company_id AND u.is_active
          AND m.role = ANY (step.able_roles));
$$;

CREATE OR REPLACE FUNCTION approvals_vote_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked approvals_approvalrequest;
    step approvals_flowstep;
    day date;
    voters uuid[] := ARRAY[NEW.actor_id];
BEGIN
    SELECT * INTO asked FROM approvals_approvalrequest WHERE id = NEW.request_id;
    IF asked.status IS DISTINCT FROM 'open' OR asked.requested_by_id <> NEW.requested_by_id
       OR asked.company_id <> NEW.company_id THEN
        RAISE EXCEPTION 'vote_guard: the request is not open, or not of this requester'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.behalf_of_id IS NOT NULL THEN
        SELECT coalesce(c.sandbox_day, (NEW.voted_at AT TIME ZONE c.time_zone)::date) INTO day
        FROM access_company c WHERE c.id = NEW.company_id;
        IF NEW.behalf_of_id = asked.requested_by_id OR NOT EXISTS (
            SELECT 1 FROM approvals_delegation d
            WHERE d.company_id = NEW.company_id AND d.from_user_id = NEW.behalf_of_id
              AND d.to_user_id = NEW.actor_id AND d.revoked_at IS NULL
              AND day BETWEEN d.valid_from AND d.valid_to) THEN
            RAISE EXCEPTION 'vote_guard: no delegation is in force' USING ERRCODE = 'check_violation';
        END IF;
        voters := voters || NEW.behalf_of_id;
    END IF;
    IF EXISTS (
        SELECT 1 FROM approvals_vote v LEFT JOIN approvals_flowstep s ON s.id = v.step_id
        WHERE v.request_id = NEW.request_id AND (v.actor_id = ANY (voters) OR v.behalf_of_id = ANY (voters))
          AND (s.id IS NULL OR s.status <> 'returned')) THEN
        RAISE EXCEPTION 'vote_guard: nobody decides twice' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step_id IS NOT NULL THEN
        SELECT * INTO step FROM approvals_flowstep WHERE id = NEW.step_id;
        IF step.status IS DISTINCT FROM 'open' OR step.request_id <> NEW.request_id
           OR (step.reserved_for IS NOT NULL AND step.reserved_for <> ALL (voters))
           OR NOT approvals_may_fill(coalesce(NEW.behalf_of_id, NEW.actor_id), step) THEN
            RAISE EXCEPTION 'vote_guard: this step is not the person''s to decide' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM approvals_flowinstance f WHERE f.request_id = NEW.request_id) THEN
        RAISE EXCEPTION 'vote_guard: a request that runs by a flow is decided in its steps'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS vote_guard ON approvals_vote;
CREATE TRIGGER vote_guard BEFORE INSERT ON approvals_vote FOR EACH ROW EXECUTE FUNCTION approvals_vote_guard();

-- A request is approved only with a yes on record, and what has ended stays as it ended.
CREATE OR REPLACE FUNCTION approvals_end_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'open' THEN
        RAISE EXCEPTION 'end_guard: the request has ended as %', OLD.status USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'approved' AND NOT EXISTS (
        SELECT 1 FROM approvals_vote v WHERE v.request_id = NEW.id AND v.approves) THEN
        RAISE EXCEPTION 'end_guard: nobody agreed to it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS end_guard ON approvals_approvalrequest;
CREATE TRIGGER end_guard BEFORE UPDATE OF status ON approvals_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approvals_end_guard();
