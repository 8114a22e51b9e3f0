using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.Data.Events;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Calendars;

/// From now on nobody reads one's calendar by an address.
internal static class RevokeFeed
{
    public const string Sql = "DELETE FROM calendar_feeds WHERE person_id = @Person";

    public static async Task<NoContent> Handle(Caller caller, Db db, CancellationToken ct)
    {
        await db.Global().Execute(Sql, new { Person = caller.Id }, ct);
        return TypedResults.NoContent();
    }
}

/// Nor that of somebody who is deactivated, or nobody any more.
internal sealed class RevokeFeedOfDeactivated : Reaction<UserDeactivated>
{
    protected override Task React(UserDeactivated deactivated, Transaction tx) => tx.Execute(RevokeFeed.Sql, new { Person = deactivated.UserId });
}

internal sealed class RevokeFeedOfErased : Reaction<UserErased>
{
    protected override Task React(UserErased erased, Transaction tx) => tx.Execute(RevokeFeed.Sql, new { Person = erased.UserId });
}
