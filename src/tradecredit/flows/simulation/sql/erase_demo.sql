-- Remove the demo's customers with everything that hangs on them, and nothing else. Runs as the owner, since demo
-- rows lie in append-only tables; refuses by construction whatever is not marked as demo data of sandbox companies.

CREATE OR REPLACE FUNCTION erase_demo() RETURNS TABLE (erased_customers bigint, erased_invoices bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid[];
    old_news uuid[];
BEGIN
    SELECT coalesce(array_agg(c.id), '{}') INTO gone
    FROM dossier_customer c
    WHERE c.is_demo AND NOT EXISTS (
        SELECT 1 FROM unnest(c.company_ids) AS company_id
        LEFT JOIN access_company a ON a.id = company_id
        WHERE NOT coalesce(a.is_sandbox, false));
    SELECT count(*) INTO erased_invoices FROM receivables_invoice WHERE customer_id = ANY (gone);
    erased_customers := cardinality(gone);
    PERFORM set_config('tradecredit.erase', 'sandbox', true);

    DELETE FROM worklist_task WHERE customer_id = ANY (gone);
    DELETE FROM outbox_message m USING collections_letter l WHERE m.cause_id = l.id AND l.customer_id = ANY (gone);
    DELETE FROM collections_actionstep WHERE customer_id = ANY (gone);
    DELETE FROM collections_actionplan WHERE customer_id = ANY (gone);
    DELETE FROM collections_caseevent WHERE customer_id = ANY (gone);
    DELETE FROM collections_case WHERE customer_id = ANY (gone);
    DELETE FROM collections_planline WHERE customer_id = ANY (gone);
    DELETE FROM collections_instalmentplan WHERE customer_id = ANY (gone);
    DELETE FROM collections_letterproof WHERE customer_id = ANY (gone);
    DELETE FROM collections_optout WHERE customer_id = ANY (gone);
    DELETE FROM collections_promise WHERE customer_id = ANY (gone);
    DELETE FROM collections_notice WHERE customer_id = ANY (gone);
    DELETE FROM collections_letter WHERE customer_id = ANY (gone);
    DELETE FROM monitoring_alertact x USING monitoring_alert a WHERE x.alert_id = a.id AND a.customer_id = ANY (gone);
    DELETE FROM monitoring_alert WHERE customer_id = ANY (gone);
    DELETE FROM monitoring_freeze WHERE customer_id = ANY (gone);
    DELETE FROM monitoring_riskmark WHERE customer_id = ANY (gone);
    DELETE FROM cash_application_allocation WHERE customer_id = ANY (gone);
    DELETE FROM cash_application_paymentreturn WHERE customer_id = ANY (gone);
    DELETE FROM cash_application_banksighting s USING cash_application_bankline l
        WHERE s.line_id = l.id AND l.customer_id = ANY (gone);
    DELETE FROM cash_application_matchoutcome o USING cash_application_bankline l
        WHERE o.line_id = l.id AND l.customer_id = ANY (gone);
    DELETE FROM cash_application_matchsuggestion s USING cash_application_bankline l
        WHERE s.line_id = l.id AND (l.customer_id = ANY (gone) OR s.customer_id = ANY (gone));
    DELETE FROM cash_application_bankline WHERE customer_id = ANY (gone);
    DELETE FROM cash_application_payment WHERE customer_id = ANY (gone);
    DELETE FROM orders_release WHERE customer_id = ANY (gone);
    DELETE FROM orders_holdreview WHERE customer_id = ANY (gone);
    DELETE FROM orders_helddelivery WHERE customer_id = ANY (gone);
    DELETE FROM orders_orderline l USING orders_order o WHERE l.order_id = o.id AND o.customer_id = ANY (gone);
    DELETE FROM limits_limitjournalline WHERE customer_id = ANY (gone);
    DELETE FROM approvals_vote v USING approvals_approvalrequest r
        WHERE v.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM outbox_message m USING approvals_approvalrequest r
        LEFT JOIN approvals_decisionlink k ON k.request_id = r.id
        WHERE m.cause_id IN (r.id, k.id) AND r.customer_id = ANY (gone);
    DELETE FROM approvals_decisionlink k USING approvals_approvalrequest r
        WHERE k.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM approvals_filledform k USING approvals_approvalrequest r
        WHERE k.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM approvals_attachment x USING approvals_approvalrequest r
        WHERE x.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM approvals_requestnote n USING approvals_approvalrequest r
        WHERE n.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM approvals_flowstep s USING approvals_approvalrequest r
        WHERE s.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM approvals_flowinstance f USING approvals_approvalrequest r
        WHERE f.request_id = r.id AND r.customer_id = ANY (gone);
    DELETE FROM approvals_approvalrequest WHERE customer_id = ANY (gone);
    DELETE FROM decisions_shadowverdict WHERE customer_id = ANY (gone);
    DELETE FROM decisions_decision WHERE customer_id = ANY (gone);
    DELETE FROM decisions_checkprofile WHERE customer_id = ANY (gone);
    DELETE FROM decisions_standing WHERE customer_id = ANY (gone);
    DELETE FROM decisions_setting WHERE customer_id = ANY (gone);
    DELETE FROM limits_cover WHERE customer_id = ANY (gone);
    DELETE FROM limits_creditline WHERE customer_id = ANY (gone);
    DELETE FROM limits_limitproposal WHERE customer_id = ANY (gone);
    DELETE FROM scoring_ratingreview WHERE customer_id = ANY (gone);
    DELETE FROM scoring_gradeproposal WHERE customer_id = ANY (gone);
    DELETE FROM scoring_ratingoverride WHERE customer_id = ANY (gone);
    DELETE FROM scoring_rating WHERE customer_id = ANY (gone);
    DELETE FROM exposure_reservation r USING exposure_creditaccount a
        WHERE r.account_id = a.id AND a.customer_id = ANY (gone);
    DELETE FROM exposure_exposureentry e USING exposure_creditaccount a
        WHERE e.account_id = a.id AND a.customer_id = ANY (gone);
    DELETE FROM exposure_creditaccount WHERE customer_id = ANY (gone);
    DELETE FROM exposure_nodemember WHERE customer_id = ANY (gone)
        OR node_id IN (SELECT id FROM exposure_controlnode WHERE is_demo);
    DELETE FROM exposure_nodelimit WHERE node_id IN (SELECT id FROM exposure_controlnode WHERE is_demo);
    DELETE FROM exposure_controlnode WHERE is_demo;
    DELETE FROM orders_goodsevent WHERE customer_id = ANY (gone);
    DELETE FROM orders_delivery WHERE customer_id = ANY (gone);
    DELETE FROM orders_order WHERE customer_id = ANY (gone);
    DELETE FROM receivables_billevent WHERE customer_id = ANY (gone);
    DELETE FROM receivables_bill WHERE customer_id = ANY (gone);
    DELETE FROM receivables_accountstatementproof WHERE customer_id = ANY (gone);
    DELETE FROM receivables_accountstatementline WHERE customer_id = ANY (gone);
    DELETE FROM receivables_accountstatement WHERE customer_id = ANY (gone);
    DELETE FROM receivables_contractevent WHERE customer_id = ANY (gone);
    DELETE FROM receivables_contractline WHERE customer_id = ANY (gone);
    DELETE FROM receivables_contract WHERE customer_id = ANY (gone);
    DELETE FROM receivables_adjustment WHERE customer_id = ANY (gone);
    DELETE FROM receivables_dispute WHERE customer_id = ANY (gone);
    DELETE FROM receivables_invoicecorrection x USING receivables_invoice i
        WHERE x.invoice_id = i.id AND i.customer_id = ANY (gone);
    DELETE FROM receivables_instalment WHERE customer_id = ANY (gone);
    DELETE FROM receivables_invoicesource s USING receivables_invoice i
        WHERE s.invoice_id = i.id AND i.customer_id = ANY (gone);
    DELETE FROM receivables_invoice WHERE customer_id = ANY (gone);
    -- News that names nobody but them, or that the simulator told; what news that stays repeats, stays with it.
    SELECT coalesce(array_agg(n.id), '{}') INTO old_news
    FROM dossier_newsitem n JOIN access_company a ON a.id = n.company_id AND a.is_sandbox
    WHERE NOT EXISTS (SELECT 1 FROM dossier_newsmention m WHERE m.item_id = n.id AND m.customer_id <> ALL (gone))
        AND (n.recorded_by = 'simulator'
            OR EXISTS (SELECT 1 FROM dossier_newsmention m WHERE m.item_id = n.id));
    DELETE FROM dossier_newsmention WHERE customer_id = ANY (gone);
    DELETE FROM dossier_newsitem n WHERE n.id = ANY (old_news) AND NOT EXISTS (
        SELECT 1 FROM dossier_newsitem r WHERE r.same_as_id = n.id AND r.id <> ALL (old_news));
    DELETE FROM sources_newsmonitor m USING access_company a
        WHERE a.id = m.company_id AND a.is_sandbox AND m.recorded_by = 'simulator';
    DELETE FROM sources_newsfeed f USING access_company a
        WHERE a.id = f.company_id AND a.is_sandbox AND f.changed_by = 'simulator'
        AND NOT EXISTS (SELECT 1 FROM sources_hookcall h WHERE h.feed_id = f.id);
    DELETE FROM dossier_fact WHERE customer_id = ANY (gone);
    DELETE FROM dossier_sealkey WHERE customer_id = ANY (gone);
    DELETE FROM dossier_sealedread WHERE customer_id = ANY (gone);
    DELETE FROM dossier_verificationwaiver WHERE customer_id = ANY (gone);
    DELETE FROM dossier_customerbefore WHERE customer_id = ANY (gone);
    DELETE FROM dossier_financialstatement WHERE customer_id = ANY (gone);
    DELETE FROM dossier_bureaufinding WHERE customer_id = ANY (gone);
    DELETE FROM dossier_bureaureport WHERE customer_id = ANY (gone);
    DELETE FROM dossier_bureaucall WHERE customer_id = ANY (gone);
    DELETE FROM dossier_bureaurequest WHERE customer_id = ANY (gone);
    DELETE FROM dossier_consent WHERE customer_id = ANY (gone);
    DELETE FROM dossier_customermerge WHERE customer_id = ANY (gone) OR absorbed_id = ANY (gone);
    DELETE FROM dossier_duplicateverdict WHERE customer_id = ANY (gone) OR other_id = ANY (gone);
    DELETE FROM dossier_customeridentity WHERE customer_id = ANY (gone);
    DELETE FROM dossier_relation WHERE customer_id = ANY (gone) OR party_id = ANY (gone);
    DELETE FROM dossier_customerparty WHERE customer_id = ANY (gone) OR party_id = ANY (gone);
    DELETE FROM dossier_contact WHERE customer_id = ANY (gone);
    DELETE FROM dossier_lifecyclechange WHERE customer_id = ANY (gone);
    DELETE FROM outbox_event WHERE subject = ANY (SELECT id::text FROM unnest(gone) AS id);
    DELETE FROM audit_logentry WHERE stream = ANY (SELECT 'customer:' || id FROM unnest(gone) AS id);
    UPDATE dossier_customer SET parent_id = NULL WHERE parent_id = ANY (gone) AND NOT id = ANY (gone);
    UPDATE dossier_customer SET merged_into_id = NULL WHERE merged_into_id = ANY (gone);
    DELETE FROM dossier_customer WHERE id = ANY (gone);
    DELETE FROM decisions_standingchange WHERE customer_id = ANY (gone);

    PERFORM set_config('tradecredit.erase', '', true);
    RETURN NEXT;
END $$;
