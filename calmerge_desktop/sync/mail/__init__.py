"""How mail travels: SMTP out, IMAP in. What is mailed, and what a message means, is the agenda's business."""
