"""Who the customer is: identifiers, how complete the dossier is, and the group it belongs to."""
