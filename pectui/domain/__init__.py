"""What a message, a receipt and a send are: pure values and functions, no network, no disk, no clock."""
