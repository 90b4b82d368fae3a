"""How the embedded models were trained and measured; nothing else imports it."""
