using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Studios;

/// A studio that has just been opened is configured before its event is here: then Identity is asked.
internal sealed class StudioRows(Db db, HttpClient identity)
{
    private sealed record Answer(Guid Id, string TimeZone, string Currency, bool IsActive);

    /// The studio that the caller speaks of; null when Identity does not know it either.
    public async Task<Studio?> Find(Caller caller, CancellationToken ct)
    {
        var here = db.ForTenant(caller.Studio);
        if (await Studio.Find(here, ct) is { } known) return known;

        using var answer = await identity.GetAsync($"/api/v1/studios/{caller.Studio}", ct);
        if (!answer.IsSuccessStatusCode) return null;
        var found = (await answer.Content.ReadFromJsonAsync<Answer>(Json.Options, ct))!;
        await here.InTransaction(tx => AddIfNew(tx, new Studio(found.Id, found.TimeZone, found.Currency, found.IsActive)), ct);
        return await Studio.Find(here, ct);
    }

    public static Task AddIfNew(Transaction tx, Studio studio) => tx.Execute(
        """
        INSERT INTO studios (tenant_id, time_zone, currency, is_active)
        VALUES (@Id, @TimeZone, @Currency, @IsActive)
        ON DUPLICATE KEY UPDATE tenant_id = tenant_id
        """, studio);
}

internal static class StudiosSetup
{
    public static void AddStudios(this WebApplicationBuilder builder) => builder.Services.AddServiceClient<StudioRows>("identity");
}
