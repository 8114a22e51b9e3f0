using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FitFlow.ServiceDefaults.Tests.Errors;

public sealed class ValidationTests : IAsyncLifetime
{
    private TestService _service = null!;

    internal sealed record Request(
        [Required, StringLength(20, MinimumLength = 2)] string FirstName,
        [EmailAddress] string? Email,
        [Range(1, 10)] int SeatCount,
        Address Home,
        IReadOnlyList<Address>? OtherHomes = null,
        IReadOnlyList<string>? Tags = null,
        IReadOnlyDictionary<string, Address>? Named = null) : IValidatableObject
    {
        [MaxLength(3)]
        public string? Code { get; init; }

        [JsonPropertyName("remark")]
        public string? Note { get; init; }

        [StringLength(10_000)]
        public string? Story { get; init; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (FirstName == Code) yield return new ValidationResult("is the same as the name", [nameof(Code)]);
        }
    }

    internal sealed record Address([property: Required] string Street, [RegularExpression("^[0-9]{4}$")] string? ZipCode = null);

    internal sealed record Search([property: Range(1, 100)] int? Limit, string? Text);

    internal enum Level
    {
        Beginner,
        NotQuite,
        Advanced,
    }

    internal sealed record Leveled(Level Level, Level? Wanted = null, IReadOnlyList<Level>? Past = null);

    public async ValueTask InitializeAsync() => _service = await TestService.Start(app =>
    {
        var api = app.MapGroup("/api").Public();
        api.MapPost("/", (Request request) => request.FirstName);
        api.MapPost("/list", (Address[] addresses) => addresses.Length);
        api.MapPost("/level", (Leveled leveled) => leveled);
        api.MapGet("/search", ([AsParameters] Search search) => search.Text ?? "");
        app.MapPost("/lone", (Request request) => request.FirstName).Public();
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task WhatIsRightPasses() => Assert.Equal(200, (int)(await _service.Post("/api", Valid())).StatusCode);

    [Theory]
    [InlineData("/api")]
    [InlineData("/lone")]
    public async Task EveryWrongFieldIsNamedAtOnceByItsPath(string path)
    {
        var errors = await ErrorsOf(path, new
        {
            FirstName = "x",
            Email = "nobody",
            SeatCount = 11,
            Home = new { ZipCode = "12" },
            OtherHomes = new object?[] { new { Street = "A" }, new { Street = "", ZipCode = "x" }, null },
            Tags = new[] { "ok", new string('a', 2_001) },
            Named = new { Summer = new { Street = "" } },
            Code = "abcd",
            Remark = new string('a', 2_001),
        });
        Assert.Equal(
            ["code", "email", "first_name", "home.street", "home.zip_code", "named.summer.street", "other_homes[1].street", "other_homes[1].zip_code",
                "other_homes[2]", "remark", "seat_count", "tags[1]"],
            errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Contains("first_name", errors.GetProperty("first_name")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsMissingIsRequired()
    {
        var errors = await ErrorsOf("/api", new { SeatCount = 1 });
        Assert.Equal(["first_name", "home"], errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RulesBetweenFieldsAreAskedOnceEachFieldIsRight()
    {
        var errors = await ErrorsOf("/api", new { FirstName = "abc", SeatCount = 1, Home = new { Street = "A" }, Code = "abc" });
        Assert.Equal("is the same as the name", errors.GetProperty("code")[0].GetString());
    }

    [Fact]
    public async Task NoTextAndNoListIsUnbounded()
    {
        Assert.True((await ErrorsOf("/api", new { FirstName = "abc", SeatCount = 1, Home = new { Street = new string('a', 2_001) } }))
            .TryGetProperty("home.street", out _));
        Assert.True((await ErrorsOf("/api", new { FirstName = "abc", SeatCount = 1, Home = new { Street = "A" }, Tags = Enumerable.Repeat("a", 1_001) }))
            .TryGetProperty("tags", out _));
        var story = new { FirstName = "abc", SeatCount = 1, Home = new { Street = "A" }, Story = new string('a', 10_000) };
        Assert.Equal(200, (int)(await _service.Post("/api", story)).StatusCode);
    }

    [Fact]
    public async Task AListAsTheBodyAndParametersOfTheQueryAreCheckedToo()
    {
        Assert.True((await ErrorsOf("/api/list", new[] { new { Street = "" } })).TryGetProperty("addresses[0].street", out _));
        var problem = await (await _service.Get("/api/search?limit=101")).ShouldBeProblem(400, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("limit", out _));
    }

    [Fact]
    public async Task AnEnumIsOneOfItsNames()
    {
        var answer = await _service.Post("/api/level", new { Level = "not_quite", Wanted = "advanced", Past = new[] { "beginner" } });
        Assert.Equal("""{"level":"not_quite","wanted":"advanced","past":["beginner"]}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(200, (int)(await _service.Post("/api/level", new { Level = "beginner", Wanted = (string?)null })).StatusCode);
    }

    [Theory]
    [InlineData("beginner,not_quite")]
    [InlineData("beginner, beginner")]
    [InlineData("Beginner")]
    [InlineData(" beginner")]
    [InlineData("NotQuite")]
    [InlineData("expert")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(true)]
    public async Task AListOrANumberIsNone(object value)
    {
        Assert.True((await ErrorsOf("/api/level", new { Level = value })).TryGetProperty("level", out _));
        Assert.True((await ErrorsOf("/api/level", new { Level = "beginner", Wanted = value })).TryGetProperty("wanted", out _));
        Assert.True((await ErrorsOf("/api/level", new { Level = "beginner", Past = new[] { value } })).TryGetProperty("past[0]", out _));
    }

    private static object Valid() => new { FirstName = "Ann", SeatCount = 1, Home = new { Street = "A", ZipCode = "8000" } };

    private async Task<JsonElement> ErrorsOf(string path, object body) =>
        (await (await _service.Post(path, body)).ShouldBeProblem(400, "request.invalid")).GetProperty("errors");
}
