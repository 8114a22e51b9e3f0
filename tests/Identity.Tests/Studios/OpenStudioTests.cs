using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Studios;

public sealed class OpenStudioTests(RunningSystem system)
{
    [Fact]
    public async Task WhoeverOpensAStudioOwnsIt()
    {
        var studio = await system.GivenStudio();

        var claims = Claims(studio.Owner.Token);

        claims.GetProperty("role").GetString().ShouldBe("gym_owner");
        var membership = Assert.Single(claims.GetProperty("studios").EnumerateArray());
        membership.GetProperty("id").GetGuid().ShouldBe(studio.Id);
        Assert.Equal(["gym_owner"], membership.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task TheDescriptionTellsAStudiosAddressFromAClients()
    {
        using var http = new HttpClient { BaseAddress = system.Service("identity") };

        var schemas = (await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        Assert.True(schemas.GetProperty("StudioAddress").GetProperty("properties").TryGetProperty("street", out _));
        Assert.True(schemas.GetProperty("Address").GetProperty("properties").TryGetProperty("line1", out _));
    }

    [Fact]
    public async Task AStudioIsAsItWasSaid()
    {
        var said = new Dictionary<string, object?>
        {
            ["name"] = "  Zoë's \U0001F3CB '; DROP TABLE studios; --  ",
            ["description"] = "First line\nsecond line \\ \" ` %_",
            ["address"] = new { street = "12 King St W", city = "Québec", region = "QC", postal_code = "G1R 4S9", country = "CA" },
            ["phone"] = "+1 (418) 555-0100",
            ["email"] = "hello@example.org",
            ["time_zone"] = "America/Toronto",
            ["currency"] = "USD",
            ["tax_region"] = "CA-QC",
            ["opening_hours"] = new[] { new { day = "monday", opens = "06:00", closes = "12:00" }, new { day = "sunday", opens = "18:00", closes = "02:00" } },
            ["amenities"] = new[] { "sauna", "café", "sauna" },
        };

        var answer = await Open(said);

        answer.ShouldBe(HttpStatusCode.Created);
        var studio = await answer.Read();
        studio.GetProperty("name").GetString().ShouldBe(((string)said["name"]!).Trim());
        foreach (var field in new[] { "description", "phone", "email", "time_zone", "currency", "tax_region" })
        {
            studio.GetProperty(field).GetString().ShouldBe((string)said[field]!);
        }

        studio.GetProperty("address").GetProperty("city").GetString().ShouldBe("Québec");
        studio.GetProperty("opening_hours")[1].GetProperty("closes").GetString().ShouldBe("02:00");
        Assert.Equal(["sauna", "café"], studio.GetProperty("amenities").EnumerateArray().Select(amenity => amenity.GetString()));
        studio.GetProperty("is_active").GetBoolean().ShouldBe(true);
        studio.GetProperty("version").GetInt32().ShouldBe(1);
        answer.Headers.Location!.ToString().ShouldBe($"/api/v1/studios/{studio.GetProperty("id").GetGuid()}");
    }

    [Theory]
    [InlineData("name", "\"\"", "name")]
    [InlineData("name", "\"two\\nlines\"", "name")]
    [InlineData("time_zone", "\"Mars/Olympus\"", "time_zone")]
    [InlineData("time_zone", "\"UTC+05:00\"", "time_zone")]
    [InlineData("currency", "\"EUR\"", "currency")]
    [InlineData("tax_region", "\"QC\"", "tax_region")]
    [InlineData("phone", "\"call me\"", "phone")]
    [InlineData("email", "\"nobody\"", "email")]
    [InlineData("address", """{"street":"x","city":"y","postal_code":"z","country":"Canada"}""", "address.country")]
    [InlineData("amenities", """["a\tb"]""", "amenities")]
    [InlineData("opening_hours", """[{"day":"monday","opens":"24:00","closes":"06:00"}]""", "opening_hours[0].opens")]
    [InlineData("opening_hours", """[{"day":"monday","opens":"06:00","closes":"12:00"},{"day":"monday","opens":"11:59","closes":"13:00"}]""", "opening_hours")]
    [InlineData("opening_hours", """[{"day":"sunday","opens":"18:00","closes":"02:00"},{"day":"monday","opens":"01:00","closes":"13:00"}]""", "opening_hours")]
    [InlineData("opening_hours", """[{"day":"someday","opens":"18:00","closes":"02:00"}]""", "opening_hours[0].day")]
    public async Task EveryFieldThatIsWrongIsNamed(string field, string json, string named)
    {
        var said = StudioStory.NewStudio;
        said[field] = JsonSerializer.Deserialize<JsonElement>(json);

        var problem = await (await Open(said)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");

        Assert.Equal([named], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("name", 121)]
    [InlineData("description", 2_001)]
    [InlineData("email", 255)]
    [InlineData("time_zone", 65)]
    public async Task ATextThatIsTooLongIsRefused(string field, int length)
    {
        var said = StudioStory.NewStudio;
        said[field] = field == "email" ? $"{new string('a', length - 10)}@b.example" : new string('a', length);

        await (await Open(said)).ShouldBeProblem(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task NobodyBelongsToMoreStudiosThanATokenHolds()
    {
        var person = await system.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 53).Select(_ => Open(StudioStory.NewStudio, person)));

        Assert.Equal(50, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await refused.ShouldBeProblem(HttpStatusCode.Conflict, "members.too_many_studios");
        }

        var full = await system.SignIn(person);
        (await full.Me()).GetProperty("id").GetGuid().ShouldBe(person.Id);
    }

    [Fact]
    public async Task WhoIsNotSignedInOpensNone()
    {
        using var http = system.Anonymous();

        await (await http.PostAsJsonAsync("/api/v1/studios", StudioStory.NewStudio)).ShouldBeProblem(HttpStatusCode.Unauthorized, "auth.required");
    }

    private async Task<HttpResponseMessage> Open(object said, Person? person = null)
    {
        using var http = (person ?? await system.GivenPerson()).Http();
        return await http.PostAsJsonAsync("/api/v1/studios", said);
    }

    private static JsonElement Claims(string token)
    {
        var claims = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        return JsonSerializer.Deserialize<JsonElement>(Convert.FromBase64String(claims.PadRight((claims.Length + 3) / 4 * 4, '=')));
    }
}
