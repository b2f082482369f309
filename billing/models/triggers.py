"""The triggers that several tables share: what is issued never changes (design §4)."""

import pgtrigger

REFUSE_TRUNCATE = "RAISE EXCEPTION 'billing: % is append-only and is never emptied', TG_TABLE_NAME;"


def append_only() -> list[pgtrigger.Trigger]:
    """Refuse UPDATE, DELETE and TRUNCATE."""
    return [
        pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
        never_emptied(),
    ]


def kept_ten_years(column: str) -> list[pgtrigger.Trigger]:
    """Refuse UPDATE and TRUNCATE, and DELETE until ten years after `column`."""
    return [
        pgtrigger.Protect(name="never_changes", operation=pgtrigger.Update),
        only_deleted_after_ten_years(column),
        never_emptied(),
    ]


def only_deleted_after_ten_years(column: str) -> pgtrigger.Trigger:
    """Refuse DELETE until ten years after `column`."""
    young = pgtrigger.Condition(f"OLD.{column} > CURRENT_DATE - INTERVAL '10 years'")
    return pgtrigger.Protect(name="is_kept_ten_years", operation=pgtrigger.Delete, condition=young)


ONLY_LESS_OF_WHO = """
IF NEW.{words} IS DISTINCT FROM OLD.{words}
  AND to_jsonb(NEW) - '{words}' = to_jsonb(OLD) - '{words}'
  AND NEW.{words} = jsonb_build_object('country', OLD.{words}->'country', 'buyer', OLD.{words}->'buyer')
  AND (
    OLD.{since} <= CURRENT_DATE - INTERVAL '10 years'
    OR NOT EXISTS (SELECT FROM billing_document WHERE customer_id = {customer})
  )
THEN
  RETURN NEW;
END IF;
RAISE EXCEPTION 'billing: what % keeps of an acceptance never changes', TG_TABLE_NAME;
"""


def changes_to_less_of_who(
    name: str, *, words: str, since: str, customer: str, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """Refuse UPDATE but for `words` that keep of who buys no more than country and kind.

    That is open where the customer, an SQL expression, was never issued a document, or ten years after
    `since`.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=condition,
        func=ONLY_LESS_OF_WHO.format(words=words, since=since, customer=customer),
    )


def never_emptied() -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which Protect cannot see."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=REFUSE_TRUNCATE,
    )


def is_not_of_a_closed_day(column: str, closed: str, before: str) -> pgtrigger.Trigger:
    """Refuse a row of a day that its seller's till has closed; who writes one locks the chain's row."""
    return pgtrigger.Trigger(
        name="is_not_of_a_closed_day",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
        IF EXISTS (
          SELECT FROM billing_paymentchain c
          WHERE c.seller_id = NEW.seller_id AND NEW.{column} {before} c.{closed}
        ) THEN
          RAISE EXCEPTION 'billing: % of % is of a closed day', TG_TABLE_NAME, NEW.{column}
            USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    )


WITHIN_ITS_SUMS = """
PERFORM 1 FROM billing_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
PERFORM 1 FROM billing_document WHERE id IN (NEW.document_id, NEW.credit_note_id, NEW.advance_id)
  ORDER BY id FOR NO KEY UPDATE;
IF (SELECT sum(amount) FROM billing_allocation WHERE payment_id = NEW.payment_id)
  > (SELECT amount FROM billing_payment WHERE id = NEW.payment_id)
THEN
  RAISE EXCEPTION 'billing: payment % is allocated beyond its amount', NEW.payment_id
    USING ERRCODE = 'check_violation';
END IF;
IF (SELECT sum(amount) FROM billing_allocation WHERE refund_id = NEW.refund_id)
  > (SELECT amount FROM billing_refund WHERE id = NEW.refund_id)
THEN
  RAISE EXCEPTION 'billing: refund % is allocated beyond its amount', NEW.refund_id
    USING ERRCODE = 'check_violation';
END IF;
FOR found IN
  SELECT d.number FROM billing_document d
  WHERE d.id IN (NEW.document_id, NEW.credit_note_id, NEW.advance_id)
    AND d.total_incl < greatest(
      (SELECT sum(amount) FROM billing_allocation WHERE document_id = d.id OR credit_note_id = d.id),
      (SELECT sum(amount) FROM billing_allocation WHERE advance_id = d.id)
    )
LOOP
  RAISE EXCEPTION 'billing: document % is allocated beyond its total', found.number
    USING ERRCODE = 'check_violation';
END LOOP;
RETURN NULL;
"""


def within_its_sums() -> pgtrigger.Trigger:
    """Refuse, at commit, what is allocated beyond a payment, a refund or a document.

    A credit note has one total for what it takes off an invoice and for what goes back with it. The rows are
    locked, so that of two transactions that allocate the same money the second sees what the first did.
    """
    return pgtrigger.Trigger(
        name="stays_within_its_sums",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        declare=[("found", "RECORD")],
        func=WITHIN_ITS_SUMS,
    )


def moves(field: str, arrows: dict[str, list[str]]) -> pgtrigger.FSM:
    """Let `field` change only along `arrows`."""
    return pgtrigger.FSM(
        name="moves_along_its_arrows",
        field=field,
        transitions=[(before, after) for before, nexts in arrows.items() for after in nexts],
    )
