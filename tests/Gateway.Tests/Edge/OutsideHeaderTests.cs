using System.Net;

namespace FitFlow.Gateway.Tests.Edge;

/// Nobody becomes anybody by a header.
public sealed class OutsideHeaderTests(World world) : IClassFixture<World>
{
    private readonly Stub _identity = world.Identity;
    private readonly GatewayProcess _gateway = world.Gateway;

    [Theory]
    [InlineData("X-User-Id")]
    [InlineData("x-user-email")]
    [InlineData("X-User-Role")]
    [InlineData("X_User_Role")]
    [InlineData("X-Tenant-ID")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("X-Original-URL")]
    [InlineData("X-Rewrite-URL")]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    [InlineData("True-Client-IP")]
    [InlineData("X-HTTP-Method-Override")]
    [InlineData("Via")]
    [InlineData("Proxy")]
    [InlineData("TE")]
    [InlineData("Keep-Alive")]
    [InlineData("Proxy-Authorization")]
    public async Task WhatOnlyInsidersMaySayIsTakenAway(string header)
    {
        var seen = await Send((header, "trailers"));

        Assert.DoesNotContain(header, seen.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WhatTheConnectionNamesIsForTheConnectionOnly()
    {
        var seen = await Send(("Connection", "X-Secret-Hop, X-Correlation-Id"), ("X-Secret-Hop", "1"), ("X-Studio-Id", "s"));

        Assert.DoesNotContain("X-Secret-Hop", seen.Headers.Keys);
        Assert.NotEmpty(seen.Headers["X-Correlation-Id"]);
        Assert.Equal("s", seen.Headers["X-Studio-Id"]);
    }

    [Fact]
    public async Task TheServiceLearnsWhoReallyCalled()
    {
        var seen = await Send(("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"));

        Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
        Assert.Equal("http", seen.Headers["X-Forwarded-Proto"]);
        Assert.StartsWith("Bearer ", seen.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(_identity.Address.Authority, seen.Headers["Host"]);
    }

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.0/8", "6.6.6.6, 198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.1, 10.0.0.0/8", "6.6.6.6, 198.51.100.7, 10.1.2.3", "198.51.100.7")]
    [InlineData("10.0.0.0/8", "198.51.100.7", "127.0.0.1")]
    [InlineData("::1", "198.51.100.7", "127.0.0.1")]
    [InlineData("127.0.0.1", "not an address", "127.0.0.1")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7")]
    public async Task AKnownProxyIsBelievedAndNobodyElse(string known, string said, string caller)
    {
        await using var gateway = await GatewayProcess.Start([_identity], ("KnownProxies", known));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users/me");
        request.Headers.Authorization = new("Bearer", Stub.Sign(Stub.Person()));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", said);

        (await gateway.Http.SendAsync(request)).ShouldBe(HttpStatusCode.OK);

        Assert.Equal(caller, _identity.Last.Headers["X-Forwarded-For"]);
        Assert.DoesNotContain(_identity.Last.Headers.Keys, name => name.StartsWith("X-Original", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("KnownProxies", "10.0.0.0/99", "KnownProxies has '10.0.0.0/99', which is neither an address nor a network such as 10.0.0.0/8.")]
    [InlineData("Cors:Origins", "https://app.example.org/", "Cors:Origins has 'https://app.example.org/', which is no origin such as https://app.example.org.")]
    [InlineData("Cors:Origins", "*", "Cors:Origins has '*', which is no origin such as https://app.example.org.")]
    [InlineData("RateLimits:SignedIn:Limit", "0", "RateLimits: each Limit is at least 1, each Window at least 00:00:01.")]
    [InlineData("services:identity:http:0", "nonsense", "services__identity__http__0 is no address: nonsense")]
    public async Task AWrongSettingIsOneLine(string name, string value, string line)
    {
        var (exitCode, said) = await GatewayProcess.Fail((name, value));

        Assert.Equal((1, line), (exitCode, said));
    }

    private async Task<Seen> Send(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/users/me");
        request.Headers.Authorization = new("Bearer", Stub.Sign(Stub.Person()));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        (await _gateway.Http.SendAsync(request)).ShouldBe(HttpStatusCode.OK);
        return _identity.Last;
    }
}
