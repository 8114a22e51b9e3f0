using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FitFlow.Gateway.Tests.Routing;

/// WebSockets through the gateway, with the token where a browser can only put it.
public sealed class LiveTests : IClassFixture<LiveTests.Talkative>
{
    private const string Live = "/api/v1/notifications/live";

    private readonly Stub _identity;
    private readonly Stub _notifications;
    private readonly GatewayProcess _gateway;

    public LiveTests(Talkative world)
    {
        (_identity, _notifications, _gateway) = (world.Identity, world.Notifications, world.Gateway);
        _notifications.Forget();
    }

    /// A gateway that writes down all that it can.
    public sealed class Talkative : IAsyncLifetime
    {
        public Stub Identity { get; private set; } = null!;

        public Stub Notifications { get; private set; } = null!;

        public GatewayProcess Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Identity = await Stub.Start("identity");
            Notifications = await Stub.Start("notifications", Echo);
            Gateway = await GatewayProcess.Start(
                [Identity, Notifications], ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"), ("Logging:LogLevel:System.Net.Http", "Trace"));
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Notifications.DisposeAsync();
            await Identity.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Live)]
    [InlineData("/api/notifications/live")]
    public async Task WhatIsSaidComesBackAndTheTokenIsInNoAddress(string path)
    {
        var token = Stub.Sign(Stub.Person());
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(Address($"{path}?id=7&access_token={token}"), CancellationToken.None);
        await Say(socket, "hello");
        Assert.Equal("hello", await Hear(socket));
        await Say(socket, new string('x', 100_000));
        Assert.Equal(100_000, (await Hear(socket)).Length);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal($"{Live}?id=7", _notifications.Last.Target);
        Assert.Equal($"Bearer {token}", _notifications.Last.Headers["Authorization"]);
        Assert.Contains(_gateway.Output, line => line.Contains("notifications/live", StringComparison.Ordinal));
        Assert.DoesNotContain(_gateway.Output, line => line.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATokenInTheHeaderIsAsGood()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Stub.Sign(Stub.Person())}");

        await socket.ConnectAsync(Address(Live), CancellationToken.None);
        await Say(socket, "hello");

        Assert.Equal("hello", await Hear(socket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?access_token=")]
    [InlineData("?access_token=nonsense")]
    [InlineData("?access_token=a&access_token=b")]
    public async Task WithoutAValidTokenTheHandshakeIsRefused(string query)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(Live + query), CancellationToken.None));

        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        Assert.Empty(_notifications.Seen);
    }

    [Fact]
    public async Task ATokenInTheQueryIsGoodForNothingElse()
    {
        var token = Stub.Sign(Stub.Person());
        foreach (var address in new[] { Live, "/api/v1/notifications", "/api/v1/users/me" })
            await (await _gateway.Http.GetAsync($"{address}?access_token={token}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");

        using var socket = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address($"/api/v1/users/me?access_token={token}"), CancellationToken.None));

        using var ann = _gateway.As(Stub.Person());
        await ann.GetAsync($"/api/v1/users/me?a=1&access_token={token}&b=2");
        Assert.Equal("/api/v1/users/me?a=1&b=2", _identity.Last.Target);
        Assert.DoesNotContain(_gateway.Output, line => line.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhenTheServiceGoesTheConnectionEnds()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address($"{Live}?access_token={Stub.Sign(Stub.Person())}"), CancellationToken.None);
        await Say(socket, "abort");

        await Assert.ThrowsAsync<WebSocketException>(() => Hear(socket));
    }

    private Uri Address(string path) => new($"ws://{_gateway.Address.Authority}{path}");

    private static async Task Echo(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), http.RequestAborted);
            if (message.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, CancellationToken.None);
                return;
            }

            if (Encoding.UTF8.GetString(buffer, 0, message.Count) == "abort")
            {
                http.Abort();
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, http.RequestAborted);
        }
    }

    private static Task Say(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> Hear(ClientWebSocket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            text.Append(Encoding.UTF8.GetString(buffer, 0, message.Count));
            if (message.EndOfMessage) return text.ToString();
        }
    }
}
