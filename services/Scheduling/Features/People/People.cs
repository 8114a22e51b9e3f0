using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.People;

/// What Scheduling asks Identity about people, as itself and for all who ask: kept for a while, and forgotten when Identity says so.
internal sealed class People(HttpClient identity, Cache cache, RecentNames recent)
{
    private const int MostAtOnce = 200;

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(15), NobodyFor = TimeSpan.FromSeconds(15);

    /// Nobody waits long for a name.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private sealed record Answer(IReadOnlyList<Row> Data);

    private sealed record Row(Guid UserId, string Name, IReadOnlyList<Role> Roles, bool IsActive, IReadOnlyList<Guid> TrainerIds);

    /// Those who are anybody. Throws while Identity is down and not all of them are kept: what depends on it is not decided without it.
    public async Task<IReadOnlyDictionary<Guid, Member>> Find(Guid studio, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Known(await Read(studio, ids, (missing, stop) => Ask(studio, missing, stop), ct));

    /// Those of whom is known who they are: without whom Identity does not tell of just now. For what is shown, never for what is decided.
    public async Task<IReadOnlyDictionary<Guid, Member>> FindIfThere(Guid studio, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Known(await Read(studio, ids, (missing, stop) => AskIfThere(studio, missing, stop), ct));

    /// What each is called; null for nobody, and for whom Identity does not answer just now.
    public async Task<IReadOnlyDictionary<Guid, string?>> Names(Guid studio, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var names = ids.Distinct().ToDictionary(id => id, id => recent.Find(studio, id));
        Guid[] missing = [.. names.Where(known => known.Value is null).Select(known => known.Key)];
        if (missing.Length == 0) return names;
        foreach (var member in (await FindIfThere(studio, missing, ct)).Values)
        {
            names[member.Id] = member.Name;
            recent.Keep(studio, member.Id, member.Name);
        }

        return names;
    }

    public static Task Forget(Cache cache, Guid studio, Guid person, CancellationToken ct) => cache.Remove(Key(studio, person), ct);

    /// In every studio.
    public static Task Forget(Cache cache, Guid person, CancellationToken ct) => cache.RemoveTagged(Tag(person), ct);

    private Task<IReadOnlyDictionary<Guid, Member?>> Read(
        Guid studio, IReadOnlyCollection<Guid> ids, Func<IReadOnlyList<Guid>, CancellationToken, Task<IReadOnlyDictionary<Guid, Member?>>> load, CancellationToken ct) =>
        cache.GetOrAddMany(ids, id => Key(studio, id), GoodFor, load, ct, id => [Tag(id)], NobodyFor);

    private async Task<IReadOnlyDictionary<Guid, Member?>> AskIfThere(Guid studio, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await Ask(studio, ids, limit.Token);
        }
        catch (Exception e) when (e is DependencyDownException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new Dictionary<Guid, Member?>();
        }
    }

    private async Task<IReadOnlyDictionary<Guid, Member?>> Ask(Guid studio, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var found = ids.ToDictionary(id => id, _ => (Member?)null);
        foreach (var some in ids.Chunk(MostAtOnce))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/studios/{studio}/members/batch").OnlyReads();
            request.Headers.Add("X-Studio-Id", studio.ToString());
            request.Content = JsonContent.Create(new { UserIds = some }, options: Json.Options);
            using var response = await identity.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode)
                throw new DependencyDownException("identity", new HttpRequestException($"Identity answered {(int)response.StatusCode}."));

            var answer = (await response.Content.ReadFromJsonAsync<Answer>(Json.Options, ct))!;
            foreach (var row in answer.Data) found[row.UserId] = new Member(row.UserId, row.Name, row.Roles, row.IsActive, row.TrainerIds);
        }

        return found;
    }

    private static Dictionary<Guid, Member> Known(IReadOnlyDictionary<Guid, Member?> found) =>
        found.Values.OfType<Member>().ToDictionary(member => member.Id);

    private static string Key(Guid studio, Guid person) => $"member:{studio}:{person}";

    public static string Tag(Guid person) => $"person:{person}";
}

internal static class PeopleSetup
{
    public static void AddPeople(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecentNames>();
        builder.Services.AddServiceClient<People>("identity", asItself: true);
    }
}
