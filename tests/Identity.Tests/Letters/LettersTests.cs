using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace FitFlow.Identity.Tests.Letters;

public sealed class LettersTests(RunningSystem system)
{
    [Fact]
    public async Task ALetterHasTheSameWordsAsTextAndAsHtmlAndWholeHeaders()
    {
        var person = await system.GivenPerson();
        await Ask("forgot-password", person.Email);

        var letter = await system.LetterTo(person.Email);

        var headers = letter.Raw.GetProperty("headers");
        Assert.StartsWith("multipart/alternative", headers.GetProperty("content-type").GetString(), StringComparison.Ordinal);
        Assert.Matches("^<[0-9a-f]{32}@fitflow\\.localhost>$", headers.GetProperty("message-id").GetString());
        Assert.True(headers.TryGetProperty("date", out _));
        headers.GetProperty("auto-submitted").GetString().ShouldBe("auto-generated");
        letter.Raw.GetProperty("from")[0].GetProperty("address").GetString().ShouldBe("no-reply@fitflow.localhost");
        letter.Raw.GetProperty("to")[0].GetProperty("address").GetString().ShouldBe(person.Email);
        Assert.Contains("/reset-password#token=", letter.Text, StringComparison.Ordinal);
        Assert.Contains($"#token={letter.Token}", letter.Html, StringComparison.Ordinal);
        Assert.Contains("lang=\"en\"", letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccentsArriveAsTheyWereWritten()
    {
        var email = Story.NewEmail();
        using var http = system.Anonymous();
        await http.PostAsJsonAsync("/api/v1/auth/register", new { email, password = "correct horse battery", first_name = "Zoé", last_name = "B", language = "fr" });

        var letter = await system.LetterTo(email);

        Assert.Contains("Il ne reste qu’une étape", letter.Text, StringComparison.Ordinal);
        Assert.Contains("Vous n’avez rien demandé ?", WebUtility.HtmlDecode(letter.Html), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingThatSomebodyChoseStandsInALetterToSomebodyElse()
    {
        var email = Story.NewEmail();
        using var http = system.Anonymous();
        await http.PostAsJsonAsync(
            "/api/v1/auth/register",
            new { email, password = "correct horse battery", first_name = "Win at evil.example\r\nBcc: eve@example.org", last_name = "<img src=x>" });

        var letter = await system.LetterTo(email);

        var all = letter.Raw.GetRawText();
        Assert.DoesNotContain("evil.example", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("eve@example.org", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", letter.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task NothingIsLeftOfALetterThatWasSent()
    {
        var person = await system.GivenPerson();
        await Ask("forgot-password", person.Email);
        var letter = await system.LetterTo(person.Email);
        var id = new Guid(Convert.FromHexString(letter.Raw.GetProperty("headers").GetProperty("message-id").GetString()![1..33]), bigEndian: true);

        await Eventually.Holds(async () => await IdentityDb.Count("SELECT COUNT(*) FROM letters WHERE id = @id AND sent_at IS NOT NULL AND content IS NULL", ("id", id)) == 1);
    }

    private async Task Ask(string what, string email)
    {
        using var http = system.Anonymous();
        (await http.PostAsJsonAsync($"/api/v1/auth/{what}", new { email })).ShouldBe(HttpStatusCode.Accepted);
    }
}
