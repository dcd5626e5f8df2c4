-- What a customer's master data said until it was replaced, written by the database itself, so that no way of changing it
-- can forget to. Reports as known at an earlier moment read it.

CREATE OR REPLACE FUNCTION customer_remember() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dossier_customerbefore (id, customer_id, before, replaced_at)
    VALUES (gen_random_uuid(), OLD.id, jsonb_build_object(
        'name', OLD.name, 'uscc', OLD.uscc, 'uscc_valid', OLD.uscc_valid, 'customer_type', OLD.customer_type,
        'industry', OLD.industry, 'region', OLD.region, 'salesperson', OLD.salesperson, 'team', OLD.team,
        'customer_since', OLD.customer_since, 'parent_id', OLD.parent_id, 'currency', OLD.currency,
        'language', OLD.language, 'email', OLD.email, 'lifecycle', OLD.lifecycle, 'version', OLD.version,
        'updated_at', OLD.updated_at), NEW.updated_at);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER customer_remember AFTER UPDATE ON dossier_customer FOR EACH ROW
WHEN (OLD.version <> NEW.version)
EXECUTE FUNCTION customer_remember();

-- Parties of relations are told apart as `core.dossier.bureau.values.folded` does.
CREATE INDEX IF NOT EXISTS customer_by_folded_name ON dossier_customer
    ((lower(regexp_replace(normalize(name, NFKC), '[\s()\[\]（）【】·.,-]', '', 'g'))));
