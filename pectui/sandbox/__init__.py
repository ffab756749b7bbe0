"""What stands in for the service: it speaks its own wire format and never imports the client.

`app.create_app` is the service in process, `serve` puts it on loopback, `options` and `faults` say how it behaves.
"""
