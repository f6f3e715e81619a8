"""The words of offers: typed at the left, and at the right the mail as it would leave."""
