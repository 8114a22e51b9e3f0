using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.ServiceDefaults.Tests;

public sealed class OpenApiTests
{
    internal sealed record Request([property: StringLength(20)] string FirstName, int SeatCount, Role? WantedRole = null, Season? Season = null);

    internal enum Season
    {
        EarlySummer,
        Winter,
    }

    internal sealed record Query([FromQuery(Name = "client_id")] Guid? ClientId, [StringLength(20)] string? Search, [Range(1, 50)] int? Limit);

    [Fact]
    public async Task ARecordThatIsTheQueryIsDescribedByItsParameters()
    {
        await using var service = await TestService.Start(app => app.MapGet("/orders", ([AsParameters] Query query) => TypedResults.Ok(query.Limit)).Public());

        var document = await (await service.Get("/openapi/v1.json")).Json();

        var parameters = document.GetProperty("paths").GetProperty("/orders").GetProperty("get").GetProperty("parameters").EnumerateArray()
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"), StringComparer.Ordinal);
        Assert.Equal(["client_id", "search", "limit"], parameters.Keys);
        Assert.Equal(20, parameters["search"].GetProperty("maxLength").GetInt32());
        Assert.Equal(50, parameters["limit"].GetProperty("maximum").GetInt32());
        (await service.Get("/orders?limit=50")).ShouldBe(HttpStatusCode.OK);
        (await service.Get("/orders?limit=51")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task EveryRouteIsDescribedWithItsFieldsAndWhoMayUseIt()
    {
        await using var service = await TestService.Start(app =>
        {
            var api = app.MapGroup("/api/v1");
            api.MapPost("/orders", (Request request, Caller caller) => TypedResults.Ok(request)).Allow(Admin, GymOwner).AllowServices("insights");
            api.MapGroup("/classes").InStudio().MapGet("/{id}", (Guid id) => TypedResults.Ok(id)).Allow(Everyone);
            api.MapGet("/open", () => "").Public();
        });
        var document = await (await service.Get("/openapi/v1.json")).Json();
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("type").GetString());

        var order = document.GetProperty("paths").GetProperty("/api/v1/orders").GetProperty("post");
        Assert.Equal("For admin, gym_owner and the services insights.", order.GetProperty("description").GetString());
        Assert.True(order.GetProperty("security")[0].TryGetProperty("bearer", out _));
        Assert.False(order.TryGetProperty("parameters", out _));
        var request = document.GetProperty("components").GetProperty("schemas").GetProperty("OpenApiTestsRequest");
        Assert.Equal(["first_name", "seat_count", "wanted_role", "season"], request.GetProperty("properties").EnumerateObject().Select(field => field.Name));
        Assert.Contains("seat_count", request.GetProperty("required").EnumerateArray().Select(field => field.GetString()));

        Assert.Equal(["admin", "gym_owner", "trainer", "client"], request.GetProperty("properties").GetProperty("wanted_role").GetProperty("enum").EnumerateArray().Select(name => name.GetString()));

        Assert.Contains("""{"enum":["early_summer","winter"],"type":"string"}""", JsonSerializer.Serialize(document.GetProperty("components").GetProperty("schemas")), StringComparison.Ordinal);

        var classes = document.GetProperty("paths").GetProperty("/api/v1/classes/{id}").GetProperty("get");
        Assert.Contains(classes.GetProperty("parameters").EnumerateArray(), parameter => Name(parameter) == "X-Studio-Id");
        Assert.Contains("every member, in the studio", classes.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.False(document.GetProperty("paths").GetProperty("/api/v1/open").GetProperty("get").TryGetProperty("security", out _));

        // For programs, such as the test that goes through the table of roles cell by cell.
        Assert.Equal("""{"roles":["admin","gym_owner"],"services":["insights"],"in_studio":false,"public":false}""", AccessOf(order));
        Assert.Equal("""{"roles":["admin","gym_owner","trainer","client"],"services":[],"in_studio":true,"public":false}""", AccessOf(classes));
        Assert.Equal("""{"roles":[],"services":[],"in_studio":false,"public":true}""", AccessOf(document.GetProperty("paths").GetProperty("/api/v1/open").GetProperty("get")));

        static string AccessOf(JsonElement operation) => JsonSerializer.Serialize(operation.GetProperty("x-roles"));

        static string? Name(JsonElement parameter) => parameter.GetProperty("name").GetString();
    }
}
