"""From an uploaded list to a plan: reader, headers, rows, plan. Nothing here writes; `crm.actions.imports` does."""
