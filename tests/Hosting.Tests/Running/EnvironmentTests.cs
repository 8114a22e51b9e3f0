using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace FitFlow.Hosting.Tests.Running;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task AServiceIsToldWhereTheOthersAre()
    {
        await using var app = await LocalApplication.Start(builder =>
        {
            var other = builder.AddEchoService("other-one");
            var made = builder.AddConnectionString("made", ReferenceExpression.Create($"Host={other.GetEndpoint("http").Property(EndpointProperty.Host)};Port={other.GetEndpoint("http").Property(EndpointProperty.Port)};Password={builder.AddParameter("password", "a{b}&c")}"));
            builder.AddEchoService("service").WithReference(other).WithReference(made).WithEnvironment("TEXT", $"{other.GetEndpoint("http")}/x");
        });
        await app.Healthy("service");
        var other = app.App.GetEndpoint("other-one");
        using var client = app.Client("service");

        Assert.Equal(other.ToString().TrimEnd('/'), await client.GetStringAsync("/variables/services__other-one__http__0"));
        Assert.Equal(other.ToString().TrimEnd('/'), await client.GetStringAsync("/variables/OTHER_ONE_HTTP"));
        Assert.Equal($"{other}x", await client.GetStringAsync("/variables/TEXT"));
        Assert.Equal($"Host=localhost;Port={other.Port};Password=a{{b}}&c", await client.GetStringAsync("/variables/ConnectionStrings__made"));
        Assert.Equal(await app.App.GetConnectionStringAsync("made"), await client.GetStringAsync("/variables/ConnectionStrings__made"));
        Assert.Equal(client.BaseAddress!.ToString().TrimEnd('/'), await client.GetStringAsync("/variables/ASPNETCORE_URLS"));
        Assert.Equal("Development", await client.GetStringAsync("/variables/ASPNETCORE_ENVIRONMENT"));
    }

    [Fact]
    public async Task WithoutADashboardNothingIsExported()
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service"));
        await app.Healthy("service");
        using var client = app.Client("service");

        Assert.Equal("service", await client.GetStringAsync("/variables/OTEL_SERVICE_NAME"));
        foreach (var name in new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS" })
            Assert.Equal("", await client.GetStringAsync($"/variables/{name}"));
    }

    [Theory]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "grpc")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http/protobuf")]
    public async Task TelemetryGoesToTheDashboard(string setting, string protocol)
    {
        await using var app = await LocalApplication.Start(builder => builder.AddEchoService("service"), $"--{setting}=http://localhost:18889", "--AppHost:OtlpApiKey=open sesame");
        await app.Healthy("service");
        using var client = app.Client("service");

        Assert.Equal("http://localhost:18889", await client.GetStringAsync("/variables/OTEL_EXPORTER_OTLP_ENDPOINT"));
        Assert.Equal(protocol, await client.GetStringAsync("/variables/OTEL_EXPORTER_OTLP_PROTOCOL"));
        Assert.Equal("x-otlp-api-key=open sesame", await client.GetStringAsync("/variables/OTEL_EXPORTER_OTLP_HEADERS"));
        Assert.Equal("always_on", await client.GetStringAsync("/variables/OTEL_TRACES_SAMPLER"));
    }
}
