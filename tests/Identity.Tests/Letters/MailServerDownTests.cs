using System.Net;
using System.Net.Http.Json;
using MySql.Data.MySqlClient;

namespace FitFlow.Identity.Tests.Letters;

/// A system of its own, whose mail server the test takes away.
[Trait("speed", "slow")]
public sealed class MailServerDownTests
{
    [Fact]
    public async Task LettersWaitEncryptedAndGoOutWhenItIsBack()
    {
        await using var mail = MailListener.Start();
        await using var proxy = CuttableProxy.To("127.0.0.1", mail.Port);
        await using var system = await OwnSystem.Start(settings: ("Parameters:mail-server", $"smtp://{proxy.Address}"));
        using var http = new HttpClient { BaseAddress = new(system.Environment["services__gateway__http__0"]) };
        await Eventually.Holds(() => mail.Taken.Any(letter => letter.To == "admin@fitflow.localhost"), "the first admin's letter");

        // Away: registering goes on, nothing of a letter can be read in the database, and it is tried again.
        proxy.Cut();
        var waiting = Enumerable.Range(0, 5).Select(_ => Story.NewEmail()).ToList();
        foreach (var email in waiting) await Register(email);
        Assert.Equal(5, await Count("SELECT COUNT(*) FROM letters WHERE due_at IS NOT NULL AND content IS NOT NULL"));
        Assert.Equal(0, await Count("SELECT COUNT(*) FROM letters WHERE content LIKE '%example.org%' OR content LIKE '%token%'"));
        await Eventually.Holds(async () => await Count("SELECT COUNT(*) FROM letters WHERE due_at IS NOT NULL AND last_error IS NOT NULL") == 5, "each was tried");
        (await http.GetAsync("/health/ready")).ShouldBe(HttpStatusCode.OK);

        // Back, and refusing one for good.
        mail.ToRecipient = to => to == waiting[0] ? $"550 no such mailbox <{to}>" : "250 ok";
        proxy.Restore();
        await Eventually.Holds(() => waiting[1..].TrueForAll(email => mail.Taken.Any(letter => letter.To == email)), "the letters that waited");
        await Eventually.Holds(async () => await Count("SELECT COUNT(*) FROM letters WHERE failed_at IS NOT NULL AND content IS NULL AND last_error = 'smtp 550 MailboxUnavailable'") == 1, "one is given up");
        Assert.All(waiting[1..], email => Assert.Single(mail.Taken, letter => letter.To == email));

        // Putting off is not refusing. It comes with the id that it had.
        var putOff = Story.NewEmail();
        mail.ToRecipient = to => mail.Asked[to] == 1 ? "451 later" : "250 ok";
        await Register(putOff);
        await Eventually.Holds(() => mail.Taken.Any(letter => letter.To == putOff), "the letter that was put off");
        Assert.Equal(2, mail.Asked[putOff]);
        await Eventually.Holds(async () => await Count("SELECT COUNT(*) FROM letters WHERE content IS NOT NULL OR due_at IS NOT NULL") == 0, "nothing is left");

        async Task Register(string email) =>
            (await http.PostAsJsonAsync("/api/v1/auth/register", new { email, password = "correct horse battery", first_name = "Ada", last_name = "Byron" })).ShouldBe(HttpStatusCode.Accepted);

        async Task<long> Count(string sql)
        {
            await using var connection = await IdentityDb.Open(system.Environment["ConnectionStrings__mysql"]);
            await using var command = new MySqlCommand(sql, connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync());
        }
    }
}
