namespace FitFlow.Gateway.Tests.Edge;

/// However an address is written, nothing gets to another service's route, nor to one that is not for the world.
public sealed class PlainRequestTests : IClassFixture<World>
{
    private readonly Stub _identity;
    private readonly Stub _training;
    private readonly GatewayProcess _gateway;
    private readonly string _token = Stub.Sign(Stub.Person());

    public PlainRequestTests(World world)
    {
        (_identity, _training, _gateway) = (world.Identity, world.Training, world.Gateway);
        _identity.Forget();
        _training.Forget();
    }

    [Theory]
    [InlineData("/api/v1/users/../auth/service-token")]
    [InlineData("/api/v1/users/%2e%2e/auth/service-token")]
    [InlineData("/api/v1/users/.%2E/auth/service-token")]
    [InlineData("/api/v1/users/..%2fauth%2fservice-token")]
    [InlineData("/api/v1/users/..%2Fworkouts")]
    [InlineData("/api/v1/users/..%5cauth")]
    [InlineData("/api/v1/users/..\\auth")]
    [InlineData("/api/v1/users\\..\\auth\\service-token")]
    [InlineData("/api/v1/users/%252e%252e/internal")]
    [InlineData("/api/v1/users/%25%32%65%25%32%65/internal")]
    [InlineData("/api/v1/users/%c0%ae%c0%ae/internal")]
    [InlineData("/api/v1/users/%00")]
    [InlineData("/api/v1/users/me%00.json")]
    [InlineData("/api/v1/users/me%0d%0aX-User-Role:%20admin")]
    [InlineData("/api/v1/users/%2e%2e/%2e%2e/%2e%2e/internal/denials")]
    [InlineData("/api/v1/users/../../../internal/denials")]
    [InlineData("/api/v1/../../internal/denials")]
    [InlineData("/../internal/denials")]
    [InlineData("/./internal/denials")]
    [InlineData("//internal/denials")]
    [InlineData("/api//v1/users/me")]
    [InlineData("/api/v1//users/me")]
    [InlineData("/api/v1/users//me")]
    [InlineData("/api/v1/users///internal")]
    [InlineData("//evil.example.org/api/v1/users/me")]
    [InlineData("/api/v1/users/./me")]
    [InlineData("/api/v1/users./me")]
    [InlineData("/api/v1/users/me.")]
    [InlineData("/api/v1/users/me/...")]
    [InlineData("/api/v1/users/..;/internal")]
    [InlineData("/api/v1/users;x=/internal")]
    [InlineData("/api/v1/us%65rs/me")]
    [InlineData("/api/v1/auth/service%2dtoken")]
    [InlineData("/api/v1/auth/service-token%20")]
    [InlineData("/api/v1/auth%2fservice-token")]
    [InlineData("/%61pi/v1/auth/service-token")]
    [InlineData("/api/v1/users/me\u00ff")]
    [InlineData("/api/v1/users/me|x")]
    [InlineData("/api/v1/users/{me}")]
    [InlineData("/api/v1/users/<me>")]
    [InlineData("*")]
    [InlineData("api/v1/users/me")]
    [InlineData("internal/denials")]
    [InlineData("http://evil.example.org/api/v1/users/me")]
    [InlineData("http://evil.example.org/internal/denials")]
    [InlineData("ftp://evil.example.org/api/v1/users/me")]
    public async Task AnAddressThatIsNotPlainReachesNobody(string target)
    {
        var answer = await RawHttp.Get(_gateway.Address, target, _token);

        Assert.Contains(Assert.Single(RawHttp.Statuses(answer)), new[] { 400, 404, 405 });
        Assert.Empty(_identity.Seen);
        Assert.Empty(_training.Seen);
    }

    [Fact]
    public async Task AnAbsoluteAddressOfThisHostIsRefusedToo()
    {
        var answer = await RawHttp.Get(_gateway.Address, $"{_gateway.Address}api/v1/users/me", _token);

        Assert.Equal([400], RawHttp.Statuses(answer));
        Assert.Empty(_identity.Seen);
    }

    [Theory]
    [InlineData("/api/v1/users/me", "/api/v1/users/me")]
    [InlineData("/api/v1/users/", "/api/v1/users")]
    [InlineData("/API/V1/USERS/Me", "/api/v1/users/Me")]
    [InlineData("/api/v1/users/me?next=//evil.example.org/..%2f..%00", "/api/v1/users/me?next=//evil.example.org/..%2f..%00")]
    [InlineData("/api/v1/users/feed.ics?a=b&a=%26", "/api/v1/users/feed.ics?a=b&a=%26")]
    public async Task APlainOneArrivesAsItWasSent(string target, string there)
    {
        var answer = await RawHttp.Get(_gateway.Address, target, _token);

        Assert.Equal([200], RawHttp.Statuses(answer));
        Assert.Equal(there, _identity.Last.Target);
    }

    [Theory]
    [InlineData("evil.example.org")]
    [InlineData("identity")]
    [InlineData("127.0.0.1:1")]
    public async Task WhateverTheHostTheServiceSeesItsOwn(string host)
    {
        var answer = await RawHttp.Get(_gateway.Address, "/api/v1/users/me", _token, host);

        Assert.Equal([200], RawHttp.Statuses(answer));
        Assert.Equal(_identity.Address.Authority, _identity.Last.Headers["Host"]);
        Assert.DoesNotContain(_identity.Last.Headers, header => header.Value.Contains("evil", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host: a\r\nHost: b")]
    [InlineData("Host: a b")]
    [InlineData("X: y")]
    public async Task AHostThatIsNoneIsRefused(string hosts)
    {
        var answer = await RawHttp.Send(_gateway.Address, $"GET /api/v1/users/me HTTP/1.1\r\n{hosts}\r\nAuthorization: Bearer {_token}\r\nConnection: close\r\n\r\n");

        Assert.Equal([400], RawHttp.Statuses(answer));
        Assert.Empty(_identity.Seen);
    }

    [Fact]
    public async Task AHeaderThatCannotBePassedOnIsTheCallersFaultHoweverOftenItComes()
    {
        for (var i = 0; i < 40; i++)
        {
            var odd = await RawHttp.Send(_gateway.Address, $"GET /.well-known/jwks.json HTTP/1.1\r\nHost: {_gateway.Address.Authority}\r\nX-A: \u00c3\u00a9\r\nConnection: close\r\n\r\n");
            Assert.Equal([400], RawHttp.Statuses(odd));
        }

        var plain = await RawHttp.Get(_gateway.Address, "/api/v1/users/me", _token);
        Assert.Equal([200], RawHttp.Statuses(plain));
    }

    [Theory]
    [InlineData("Content-Length: 6\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding: xchunked\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding : chunked\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding: chunked, identity\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding:\tchunked\r\nTransfer-Encoding: identity")]
    [InlineData("Content-Length: 6\r\nContent-Length: 5")]
    [InlineData("Content-Length: 5, 6")]
    [InlineData("Content-Length: -1")]
    public async Task ABodyOfTwoLengthsSmugglesNothing(string framing)
    {
        var smuggled = $"GET /api/v1/auth/service-token HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_token}\r\n\r\n";
        var answers = await RawHttp.Send(
            _gateway.Address,
            $"POST /api/v1/users/me HTTP/1.1\r\nHost: {_gateway.Address.Authority}\r\nAuthorization: Bearer {_token}\r\n{framing}\r\n\r\n0\r\n\r\n{smuggled}");

        Assert.Equal(400, RawHttp.Statuses(answers)[0]);
        Assert.DoesNotContain(200, RawHttp.Statuses(answers));
        Assert.Empty(_identity.Seen);
    }

    [Fact]
    public async Task WhatFollowsABodyIsARequestOfItsOwn()
    {
        var request = $"POST /api/v1/users/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {_token}\r\nContent-Length: 2\r\n\r\n{{}}";

        var answers = await RawHttp.Send(_gateway.Address, $"{request}GET /internal/denials HTTP/1.1\r\nHost: a\r\n\r\n{request.Replace("Host: a", "Host: a\r\nConnection: close", StringComparison.Ordinal)}");

        Assert.Equal([200, 404, 200], RawHttp.Statuses(answers));
        Assert.Equal(["{}", "{}"], _identity.Seen.Select(seen => seen.Body));
    }

    [Theory]
    [InlineData("/docs//evil.example.org")]
    [InlineData("//evil.example.org/docs")]
    [InlineData("/docs/")]
    [InlineData("/docs")]
    public async Task NobodyIsSentElsewhere(string target)
    {
        var answer = await RawHttp.Get(_gateway.Address, target, _token);

        Assert.DoesNotContain(RawHttp.Statuses(answer), status => status is >= 300 and < 400);
        Assert.DoesNotContain("Location:", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("CONNECT", "127.0.0.1:1")]
    [InlineData("TRACE", "/api/v1/users/me")]
    public async Task TheGatewayIsNoOpenProxyAndNoMirror(string method, string target)
    {
        var answer = await RawHttp.Send(_gateway.Address, $"{method} {target} HTTP/1.1\r\nHost: {_gateway.Address.Authority}\r\nAuthorization: Bearer {_token}\r\nConnection: close\r\n\r\n");

        Assert.DoesNotContain(RawHttp.Statuses(answer), status => status < 400);
        Assert.DoesNotContain(_token, answer, StringComparison.Ordinal);
        Assert.Empty(_identity.Seen);
    }

    [Fact]
    public async Task WhatMethodsThereAreIsSaid()
    {
        var answer = await RawHttp.Send(_gateway.Address, $"TRACE /api/v1/users/me HTTP/1.1\r\nHost: {_gateway.Address.Authority}\r\nAuthorization: Bearer {_token}\r\nConnection: close\r\n\r\n");

        Assert.Equal([405], RawHttp.Statuses(answer));
        Assert.Contains("Allow: GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS", answer, StringComparison.Ordinal);
    }
}
