"""The mailboxes one sends from and looks into: their list, and the form of one."""
