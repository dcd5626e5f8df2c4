-- A release stands on the votes of those who were asked: the database looks at them once more.
CREATE OR REPLACE FUNCTION orders_release_needs_votes() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    asked approvals_approvalrequest%ROWTYPE;
BEGIN
    SELECT * INTO asked FROM approvals_approvalrequest WHERE id = NEW.request_id;
    IF NOT FOUND OR asked.company_id <> NEW.company_id OR asked.status <> 'approved'
        OR asked.kind NOT IN ('order_release', 'delivery_release')
        OR asked.requested_by_id <> NEW.requested_by_id THEN
        RAISE EXCEPTION 'a release needs a request that was approved' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM approvals_vote v
        WHERE v.request_id = asked.id AND v.approves AND v.actor_id = NEW.released_by_id) THEN
        RAISE EXCEPTION 'a release needs the vote of the person who releases' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.mode = 'countersign' AND EXISTS (
        SELECT 1 FROM unnest(asked.roles) AS wanted(role) WHERE NOT EXISTS (
            SELECT 1 FROM approvals_vote v
            WHERE v.request_id = asked.id AND v.approves AND v.role = wanted.role)) THEN
        RAISE EXCEPTION 'a release needs the vote of every role that was asked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS needs_votes ON orders_release;
CREATE TRIGGER needs_votes BEFORE INSERT ON orders_release
    FOR EACH ROW EXECUTE FUNCTION orders_release_needs_votes();
