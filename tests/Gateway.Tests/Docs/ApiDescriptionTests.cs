using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace FitFlow.Gateway.Tests.Docs;

/// One description of all services, as the world may reach them.
public sealed partial class ApiDescriptionTests : IAsyncLifetime
{
    private const string Identity =
        """
        {
          "openapi": "3.1.1",
          "paths": {
            "/api/v1/users/me": { "get": { "x-roles": { "roles": ["client"] }, "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } } } } } },
            "/api/v1/auth/login": { "post": { "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/LoginRequest" } } } } } },
            "/api/v1/auth/service-token": { "post": {} },
            "/internal/denials": { "get": {} },
            "/api/v1/workouts": { "get": {} },
            "/.well-known/jwks.json": { "get": {} }
          },
          "components": {
            "schemas": {
              "User": { "type": "object", "properties": { "address": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Address" }] } } },
              "Address": { "type": "string" },
              "LoginRequest": { "type": "object" },
              "ProblemDetails": { "type": "object", "properties": { "code": { "type": "string" } } }
            },
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } }
          }
        }
        """;

    private const string Training =
        """
        {
          "openapi": "3.1.1",
          "paths": { "/api/v1/workouts": { "get": { "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } } } } } } },
          "components": {
            "schemas": {
              "User": { "type": "integer" },
              "ProblemDetails": { "type": "object", "properties": { "code": { "type": "string" } } }
            }
          }
        }
        """;

    private Stub _identity = null!;
    private Stub _training = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = await Stub.Start("identity", http => http.Response.WriteAsync(Identity));
        _training = await Stub.Start("training", http => http.Response.WriteAsync(Training));
    }

    public async ValueTask DisposeAsync()
    {
        await _training.DisposeAsync();
        await _identity.DisposeAsync();
    }

    [Fact]
    public async Task EveryRouteThatCanBeReachedIsThereOnceAndNoOther()
    {
        await using var gateway = await GatewayProcess.Start([_identity, _training]);

        var description = await (await gateway.Http.GetAsync("/openapi/v1.json")).Read();

        Assert.Equal(
            ["/api/v1/auth/login", "/api/v1/dashboard/client/{id}", "/api/v1/dashboard/trainer/{id}", "/api/v1/users/me", "/api/v1/workouts"],
            description.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        var me = description.GetProperty("paths").GetProperty("/api/v1/users/me").GetProperty("get");
        Assert.Equal("client", me.GetProperty("x-roles").GetProperty("roles")[0].GetString());
        Assert.Equal("identity", me.GetProperty("tags")[0].GetString());
        Assert.Equal("http", description.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("type").GetString());
        Assert.False(description.TryGetProperty("x-partial", out _));
    }

    [Fact]
    public async Task ANameOfTwoMeaningsIsTwoNamesAndOneOfOneMeaningIsKept()
    {
        await using var gateway = await GatewayProcess.Start([_identity, _training]);

        var text = await gateway.Http.GetStringAsync("/openapi/v1.json");
        using var description = JsonDocument.Parse(text);
        var schemas = description.RootElement.GetProperty("components").GetProperty("schemas");

        Assert.Equal("object", schemas.GetProperty("IdentityUser").GetProperty("type").GetString());
        Assert.Equal("integer", schemas.GetProperty("TrainingUser").GetProperty("type").GetString());
        Assert.False(schemas.TryGetProperty("User", out _));
        Assert.True(schemas.TryGetProperty("ProblemDetails", out _));
        Assert.Contains("""/users/me":{"get":{"x-roles":{"roles":["client"]},"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/IdentityUser"}""", text, StringComparison.Ordinal);
        Assert.All(References().Matches(text).Select(match => match.Groups["name"].Value), name => Assert.True(schemas.TryGetProperty(name, out _), name));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("500")]
    public async Task WhoDoesNotDescribeItselfIsLeftOutAndNamed(string answer)
    {
        await using var scheduling = await Stub.Start("scheduling", http =>
        {
            if (answer == "500") http.Response.StatusCode = 500;
            return http.Response.WriteAsync(answer);
        });
        var gone = await Stub.Start("progress");
        await using var gateway = await GatewayProcess.Start([_identity, _training, scheduling, gone]);
        await gone.DisposeAsync();

        var description = await (await gateway.Http.GetAsync("/openapi/v1.json")).Read();

        Assert.Equal(["scheduling", "progress"], description.GetProperty("x-partial").EnumerateArray().Select(name => name.GetString()));
        Assert.True(description.GetProperty("paths").TryGetProperty("/api/v1/users/me", out _));
    }

    [Fact]
    public async Task ItIsReadOnceForMany()
    {
        await using var gateway = await GatewayProcess.Start([_identity, _training]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => gateway.Http.GetAsync("/openapi/v1.json")));

        Assert.All(answers, answer => answer.ShouldBe(HttpStatusCode.OK));
        Assert.Single(_training.Seen);
    }

    [GeneratedRegex("#/components/schemas/(?<name>[^\"]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex References();
}
