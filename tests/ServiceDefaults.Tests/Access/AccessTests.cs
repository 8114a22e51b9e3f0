using System.Net;
using System.Text.Json;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.ServiceDefaults.Tests.Access;

public sealed class AccessTests : IAsyncLifetime
{
    private readonly Guid _studio = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly List<Denial> _denials = [];
    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.Start(
        app =>
        {
            app.MapGet("/public", (Caller? caller) => caller?.Email ?? "nobody").Public();
            app.MapGet("/me", (Caller caller) => new { caller.Id, caller.Email, caller.Role, caller.SessionId, Studios = caller.Studios.Select(studio => studio.Id) }).Allow(Everyone);
            app.MapGet("/owners", () => "in").Allow(GymOwner, Admin);
            app.MapGet("/mail", (Caller caller) => caller.Service).AllowServices("notifications");

            var classes = app.MapGroup("/classes").InStudio().Allow(Everyone);
            classes.MapGet("/", (Caller caller) => caller.Studio);
            classes.MapGet("/trainers", () => "in").Allow(Trainer);
            classes.MapGet("/admin", () => "in").Allow(Admin, GymOwner);
            classes.MapGet("/of/{studio_id}", (Caller caller) => caller.Studio);
            classes.MapGet("/service", (Caller caller) => caller.Studio).AllowServices("insights");
        },
        builder => builder.Services.AddSingleton<OnDenied>((denial, _) =>
        {
            _denials.Add(denial);
            return ValueTask.CompletedTask;
        }));

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task ANamelessCallerIsToldToSignIn()
    {
        var response = await _service.Get("/me");
        await response.ShouldBeProblem(401, "auth.required");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task APublicRouteTakesAnybodyAndKnowsWhoIsSignedIn()
    {
        Assert.Equal("nobody", await _service.Client.GetStringAsync("/public"));
        Assert.Equal("ann@example.org", await (await _service.Get("/public", Given.Person())).Content.ReadAsStringAsync());
        var old = Given.Person() with { ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(-1) };
        Assert.Equal("nobody", await (await _service.Get("/public", old)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task TheCallerIsWhoTheTokenSays()
    {
        var token = Given.Person(GymOwner, new Membership(_studio, Trainer | Client));
        var me = await (await _service.Get("/me", token)).Json();
        Assert.Equal(token.PersonId, me.GetProperty("id").GetGuid());
        Assert.Equal("gym_owner", me.GetProperty("role").GetString());
        Assert.Equal(token.SessionId, me.GetProperty("session_id").GetGuid());
        Assert.Equal(_studio, me.GetProperty("studios")[0].GetGuid());
    }

    [Theory]
    [InlineData(Admin, 200)]
    [InlineData(GymOwner, 200)]
    [InlineData(Trainer, 403)]
    [InlineData(Client, 403)]
    public async Task OutsideAStudioThePlatformRoleDecides(Role role, int status)
    {
        // What is held in a studio gives nothing outside of it.
        var response = await _service.Get("/owners", Given.Person(role, new Membership(_studio, GymOwner)));
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 403) await response.ShouldBeProblem(403, "auth.forbidden");
    }

    [Theory]
    [InlineData(Client, Trainer, "/classes/trainers", 200)]
    [InlineData(Client, Client, "/classes/trainers", 403)]
    [InlineData(Trainer, Client, "/classes/trainers", 403)]
    [InlineData(Client, GymOwner, "/classes/admin", 200)]
    [InlineData(GymOwner, Client, "/classes/admin", 403)]
    [InlineData(Admin, Client, "/classes/admin", 200)]
    [InlineData(Client, Admin, "/classes/admin", 403)]
    [InlineData(Client, Client, "/classes", 200)]
    public async Task InAStudioTheRolesHeldThereDecide(Role platform, Role there, string path, int status) =>
        Assert.Equal(status, (int)(await _service.Get(path, Given.Person(platform, new Membership(_studio, there)), _studio)).StatusCode);

    [Fact]
    public async Task AStrangerToTheStudioIsRefusedAndNoticed()
    {
        var token = Given.Person(GymOwner, new Membership(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), GymOwner));
        await (await _service.Get("/classes", token, _studio)).ShouldBeProblem(403, "studios.not_a_member");
        var denial = Assert.Single(_denials);
        Assert.Equal(token.PersonId, denial.Caller.Id);
        Assert.Equal(_studio, denial.Studio);
        Assert.Equal("/classes", denial.Path);
    }

    [Fact]
    public async Task AnAdminPassesWhereAdminsMayWithoutBeingAMember()
    {
        Assert.Equal(HttpStatusCode.OK, (await _service.Get("/classes/admin", Given.Person(Admin), _studio)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _service.Get("/classes", Given.Person(Admin), _studio)).StatusCode);
        await (await _service.Get("/classes/trainers", Given.Person(Admin), _studio)).ShouldBeProblem(403, "studios.not_a_member");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task AStudioRouteNeedsTheStudioNamed(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/classes");
        request.Headers.Authorization = new("Bearer", Signer.Default.Sign(Given.Person(Client, new Membership(_studio, Client))));
        if (header.Length > 0) request.Headers.Add("X-Studio-Id", header);
        await (await _service.Client.SendAsync(request)).ShouldBeProblem(400, "studios.header_invalid");
    }

    [Fact]
    public async Task AStudioInThePathIsTheOneThatIsNamed()
    {
        var other = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var member = Given.Person(Client, new Membership(_studio, Client), new Membership(other, Client));

        Assert.Equal(200, (int)(await _service.Get($"/classes/of/{_studio}", member, _studio)).StatusCode);
        await (await _service.Get($"/classes/of/{other}", member, _studio)).ShouldBeProblem(400, "studios.header_invalid");
        await (await _service.Get("/classes/of/nonsense", member, _studio)).ShouldBeProblem(400, "studios.header_invalid");
    }

    [Fact]
    public async Task AServiceGoesWhereItIsNamedAndNowhereElse()
    {
        Assert.Equal("notifications", await (await _service.Get("/mail", Given.Service("notifications"))).Content.ReadAsStringAsync());
        await (await _service.Get("/mail", Given.Service("files"))).ShouldBeProblem(403, "auth.forbidden");
        await (await _service.Get("/mail", Given.Person(Admin))).ShouldBeProblem(403, "auth.forbidden");
        await (await _service.Get("/me", Given.Service("notifications"))).ShouldBeProblem(403, "auth.forbidden");
        Assert.Equal(HttpStatusCode.OK, (await _service.Get("/classes/service", Given.Service("insights"), _studio)).StatusCode);
    }

    [Theory]
    [InlineData("\"gym_owner\"", GymOwner)]
    [InlineData("\"everyone\"", None)]
    [InlineData("\"client, admin\"", None)]
    [InlineData("\"GymOwner\"", None)]
    [InlineData("\"none\"", None)]
    [InlineData("15", None)]
    [InlineData("null", None)]
    public void InJsonARoleIsOneRole(string json, Role role)
    {
        if (role == None) Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Role>(json, Json.Options));
        else Assert.Equal(role, JsonSerializer.Deserialize<Role>(json, Json.Options));
    }

    [Fact]
    public async Task ARouteThatDoesNotSayWhoMayStopsTheStart()
    {
        await using var app = TestService.Build(routes =>
        {
            routes.MapGet("/api/v1/forgotten/{id}", () => "");
            routes.MapGroup("/a").Public().MapPost("/both", () => "").Allow(Admin);
            routes.MapGet("/fine", () => "").Public();
        });
        var error = await Assert.ThrowsAsync<CannotStartException>(() => app.StartAsync());
        Assert.Contains("GET /api/v1/forgotten/{id} does not say who may use it", error.Message, StringComparison.Ordinal);
        Assert.Contains("POST /a/both is public and restricted at once", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/fine", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task AServiceWithoutTheCommonPipelineDoesNotStart()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddFitFlowDefaults("trial");
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGet("/open", () => "to everybody");
        var error = await Assert.ThrowsAsync<CannotStartException>(() => app.StartAsync());
        Assert.Contains("MapFitFlowDefaults", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEndpointOfAnyOtherKindIsGuardedToo()
    {
        var known = new Endpoint(context => context.Response.WriteAsync("in"), EndpointMetadataCollection.Empty, "some middleware's own");
        await using var other = await TestService.Start(_ => { }, builder => builder.Services.AddSingleton<IStartupFilter>(new Choosing(known)));
        await (await other.Get("/chosen")).ShouldBeProblem(401, "auth.required");
        await (await other.Get("/chosen", Given.Person(Admin))).ShouldBeProblem(403, "auth.forbidden");
    }

    /// <summary>Chooses the endpoint before routing gets to.</summary>
    private sealed class Choosing(Endpoint endpoint) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate rest) =>
            {
                context.SetEndpoint(endpoint);
                return rest(context);
            });
            next(app);
        };
    }
}
