using System.Net;
using System.Net.Http.Json;

namespace FitFlow.EndToEnd.Tests;

/// From the request at the gateway to what follows from it behind the broker: one trace, one correlation id.
public sealed class OneTraceTests
{
    [Fact]
    public async Task ARegistrationIsOneTraceThroughGatewayServiceSqlOutboxBrokerAndReaction()
    {
        await using var collector = await Collector.Start(grpc: false);
        await using var system = await OwnSystem.Start(settings: ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", collector.Address));
        using var http = new HttpClient { BaseAddress = new(system.Environment["services__gateway__http__0"]) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/register")
        {
            Content = JsonContent.Create(new { email = "ada@example.org", password = "correct horse battery", first_name = "Ada", last_name = "Byron" }),
            Headers = { { "X-Correlation-Id", "one-trace" } },
        };

        (await http.SendAsync(request)).ShouldBe(HttpStatusCode.Accepted);

        await Eventually.Holds(() => collector.Traces.Any(IsReaction), "the reaction is traced");
        await Eventually.Holds(() => collector.Traces.Any(span => span is { Service: "gateway", Name: "POST /api/v1/auth/register" }), "the gateway's request is traced");
        var trace = collector.Traces.First(IsReaction).TraceId;
        var spans = collector.Traces.Where(span => span.TraceId == trace).Select(span => (span.Service, span.Name)).ToHashSet();
        Assert.Contains(("gateway", "POST /api/v1/auth/register"), spans);
        Assert.Contains(("identity", "POST /api/v1/auth/register"), spans);
        Assert.Contains(("identity", "INSERT users"), spans);
        Assert.Contains(("identity", "publish user.registered"), spans);
        Assert.Contains(("identity", "INSERT welcomes"), spans);
        Assert.All(collector.Traces.Where(span => span.TraceId == trace), span => Assert.Equal("one-trace", span.Attributes["correlation_id"]));

        // The first admin is registered too, by the migrate run.
        static bool IsReaction(Reported span) => span.Name == "process user.registered" && span.Attributes["correlation_id"] == "one-trace";
    }
}
