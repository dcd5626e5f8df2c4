"""Decision models (DMN): read from XML text, compiled, evaluated with a trace that says why."""
