"""No table yet; with this file Django tells `cantine` that migrations are done, and the roles are written."""
