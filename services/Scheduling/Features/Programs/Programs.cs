using System.Net;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Programs;

/// What Scheduling asks Training about a client, for who is calling: kept so briefly that nothing has to be forgotten.
internal sealed class Programs(HttpClient training, ServiceAddresses addresses, Cache cache, Caller caller)
{
    private static readonly TimeSpan YesFor = TimeSpan.FromSeconds(60), NoFor = TimeSpan.FromSeconds(5);

    /// Whether the client is in a program that is under way, in the caller's studio. Throws while nobody can say.
    public async Task<bool> HasActive(Guid client, CancellationToken ct) =>
        await cache.GetOrAdd<bool?>($"program:{caller.Studio}:{client}", YesFor, stop => Ask(client, stop), ct, nullTtl: NoFor) is true;

    private async Task<bool?> Ask(Guid client, CancellationToken ct)
    {
        if (addresses.Of("training").Count == 0) throw new DependencyDownException("training");

        using var answer = await training.GetAsync($"/api/v1/programs/client/{client}/active", ct);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => null,
            var other => throw new DependencyDownException("training", new HttpRequestException($"Training answered {(int)other}.")),
        };
    }
}

internal static class ProgramsSetup
{
    public static void AddPrograms(this WebApplicationBuilder builder) => builder.Services.AddServiceClient<Programs>("training");
}
