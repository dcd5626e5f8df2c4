-- What stands apart from an order is the sum of its remainders that are not at an end: kept by the database itself,
-- so that no path through the code can count a part twice or lose it.
CREATE OR REPLACE FUNCTION orders_keep_apart() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_order SET apart_amount = (
        SELECT coalesce(sum(p.amount), 0) FROM orders_order p
        WHERE p.split_of_id = NEW.split_of_id AND p.status IN ('held', 'released'))
    WHERE id = NEW.split_of_id;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS keep_apart ON orders_order;
CREATE TRIGGER keep_apart AFTER INSERT OR UPDATE OF amount, status ON orders_order
    FOR EACH ROW WHEN (NEW.split_of_id IS NOT NULL) EXECUTE FUNCTION orders_keep_apart();
