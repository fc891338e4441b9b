import pytest, requests
@pytest.mark.sandbooks(platforms=["xero"])
def test_hub(sandbox_hub, platform):
    print(sandbox_hub.base_url, sandbox_hub.credentials)
    r = requests.get(f"https://api.codat.io/companies/{sandbox_hub.id}", headers={"Authorization": sandbox_hub.auth_header}, timeout=5)
    print(r.status_code, r.text)
    assert r.status_code == 200
def test_fork(sandbox, sandbox_hub):
    with sandbox.fork() as fork:
        r = requests.get(f"https://api.codat.io/companies/{fork.hubs[0].id}", headers={"Authorization": sandbox_hub.auth_header}, timeout=5)
        assert r.status_code == 200
        assert len(fork.tape())==1
def test_webhook(sandbox):
    acme = sandbox.company("xero", country="US", suppliers={"airline": {"name": "Contoso Air"}})
    got=[]
    def app(environ, start_response):
        body=environ["wsgi.input"].read(); got.append((body, environ.get("HTTP_X_XERO_SIGNATURE")))
        start_response("200 OK", []); return [b""]
    acme.webhooks.deliver_to(app)
    acme.bookkeeper.rename_contact("airline", "Contoso Airways")
    sandbox.settle()
    print(got, acme.webhooks.deliveries())
    assert got
