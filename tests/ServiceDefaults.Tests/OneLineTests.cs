using Microsoft.AspNetCore.Builder;

namespace FitFlow.ServiceDefaults.Tests;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("ConnectionStrings:redis", "no such=option,=", "ConnectionStrings__redis")]
    [InlineData("services:people:http:0", "people, on the third floor", "services__people__http__0")]
    public async Task WhatIsWronglyConfiguredStopsTheStart(string key, string value, string named)
    {
        await using var app = TestService.Build(_ => { }, builder => builder.Configuration[key] = value);
        var error = await Assert.ThrowsAsync<CannotStartException>(() => app.StartAsync());
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task ItIsTheExitCode()
    {
        await using var app = TestService.Build(routes => routes.MapGet("/forgotten", () => ""));
        Assert.Equal(1, await app.RunOneLine());
        Assert.Equal(0, await OneLine.Run(() => Task.CompletedTask));
    }

    [Fact]
    public async Task WhatIsABugIsNotExplainedAway()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => OneLine.Run(() => throw new InvalidOperationException("a bug")));
        Assert.Equal(1, await OneLine.Run(() => throw new TimeoutException(), e => e is TimeoutException ? "RabbitMQ is asleep" : null));
    }
}
