using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Calendars;

/// What an event is called, in a person's language.
internal sealed record FeedWords(string Language)
{
    public string Summary(string sessionType, string? with) =>
        with is null ? sessionType : Language == "fr" ? $"{sessionType} avec {with}" : $"{sessionType} with {with}";
}

/// Which language somebody reads: Identity knows, and is not waited for long.
internal sealed class Languages(HttpClient identity, Cache cache)
{
    private const string Usual = "en";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(15), Patience = TimeSpan.FromSeconds(2);

    private sealed record Answer(string? Language);

    public async Task<FeedWords> Of(Guid person, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return new FeedWords(await cache.GetOrAdd($"language:{person}", GoodFor, stop => Ask(person, stop), limit.Token, [Features.People.People.Tag(person)]));
        }
        catch (Exception e) when (e is DependencyDownException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new FeedWords(Usual);
        }
    }

    private async Task<string> Ask(Guid person, CancellationToken ct)
    {
        using var answer = await identity.GetAsync($"/api/v1/users/{person}", ct);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<Answer>(Json.Options, ct))?.Language ?? Usual : Usual;
    }
}
