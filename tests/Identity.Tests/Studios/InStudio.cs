using System.Net;
using System.Text.Json;

namespace FitFlow.Identity.Tests.Studios;

/// What is said about a studio, and by whom.
internal static class InStudio
{
    public static Task<HttpResponseMessage> Get(this Studio studio, string path, Person? who = null) => studio.Send(HttpMethod.Get, path, who: who);

    public static Task<HttpResponseMessage> Post(this Studio studio, string path, object? body = null, Person? who = null) => studio.Send(HttpMethod.Post, path, body, who);

    public static Task<HttpResponseMessage> Put(this Studio studio, string path, object? body = null, Person? who = null) => studio.Send(HttpMethod.Put, path, body, who);

    public static Task<HttpResponseMessage> Delete(this Studio studio, string path, Person? who = null) => studio.Send(HttpMethod.Delete, path, who: who);

    /// By the owner, if nobody else is named.
    public static Task<HttpResponseMessage> Send(this Studio studio, HttpMethod method, string path, object? body = null, Person? who = null) =>
        (who ?? studio.Owner).Send(method, $"/studios/{studio.Id}{path}", body, studio.Id);

    public static Task<JsonElement> ShouldBeOk(this Task<HttpResponseMessage> answer) => answer.ShouldBe(HttpStatusCode.OK);

    public static async Task<JsonElement> ShouldBe(this Task<HttpResponseMessage> answer, HttpStatusCode status)
    {
        var response = await answer;
        response.ShouldBe(status);
        return await response.Read();
    }

    public static async Task<JsonElement> ShouldBeProblem(this Task<HttpResponseMessage> answer, HttpStatusCode status, string code) =>
        await (await answer).ShouldBeProblem(status, code);

    /// All there is to the list, however many pages it takes.
    public static async Task<IReadOnlyList<JsonElement>> All(this Studio studio, string path, Person? who = null, int limit = 2)
    {
        var found = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await studio.Get($"{path}{separator}limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}", who).ShouldBeOk();
            Assert.InRange(page.GetProperty("data").GetArrayLength(), 0, limit);
            found.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return found;
    }

    /// What this person holds in the studio, by the studio's own list; nothing when they are not on it.
    public static async Task<IReadOnlyList<string?>> RolesOf(this Studio studio, Person person) =>
        [.. (await studio.All("/members", limit: 50)).Where(member => member.GetProperty("user_id").GetGuid() == person.Id).SelectMany(Roles)];

    public static IReadOnlyList<string?> Roles(this JsonElement member) => [.. member.GetProperty("roles").EnumerateArray().Select(role => role.GetString())];

    /// What the log holds of this type in this studio, oldest first.
    public static async Task<IReadOnlyList<JsonElement>> Events(this Studio studio, string type) =>
    [
        .. (await IdentityDb.Read<string>("SELECT payload FROM outbox WHERE type = @Type AND tenant_id = @Studio ORDER BY seq", ("Type", type), ("Studio", studio.Id)))
            .Select(payload => JsonSerializer.Deserialize<JsonElement>(payload)),
    ];

    /// What was said of this person's membership, oldest first.
    public static async Task<IReadOnlyList<string>> Changes(this Studio studio, Person person) =>
    [
        .. from change in await studio.Events("membership.changed")
           where change.GetProperty("user_id").GetGuid() == person.Id
           select string.Join(',', change.Roles()),
    ];
}
