using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FitFlow.ServiceDefaults.Tests;

public sealed class CorrelationTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.Start(app =>
    {
        app.MapGet("/id", () => Correlation.Current?.Id).Public();
        app.MapGet("/user", () => Correlation.Current?.UserId).Allow(Role.Everyone);
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task TheCallersIdIsTakenAndGivenBack()
    {
        var (id, header) = await Ask("trip-42_a.B");
        Assert.Equal("trip-42_a.B", id);
        Assert.Equal(id, header);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task WithoutOneFitForLogsItGetsOne(string? given)
    {
        var (id, header) = await Ask(given);
        Assert.True(Guid.TryParseExact(id, "N", out _));
        Assert.Equal(id, header);
    }

    [Fact]
    public async Task TheWorkKnowsForWhomItIsDone()
    {
        var token = Given.Person();
        Assert.Contains(token.Subject, await (await _service.Get("/user", token)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(string Id, string Header)> Ask(string? given)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/id");
        if (given is not null) request.Headers.TryAddWithoutValidation("X-Correlation-Id", given);
        var response = await _service.Client.SendAsync(request);
        return (await response.Content.ReadAsStringAsync(), response.Headers.GetValues("X-Correlation-Id").Single());
    }
}
