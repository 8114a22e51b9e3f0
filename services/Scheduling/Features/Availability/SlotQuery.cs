using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Scheduling.Features.Availability;

/// For whom slots are asked: <c>any</c>, one trainer, or several with commas between them.
internal static class SlotQuery
{
    private const string Any = "any";
    private const int MostTrainers = 50;

    /// Null means any.
    public static bool TryReadTrainers(string? text, out IReadOnlyList<Guid>? trainers)
    {
        trainers = null;
        if (text is null or Any) return true;
        var parts = text.Split(',', MostTrainers + 1);
        var ids = new HashSet<Guid>();
        foreach (var part in parts)
        {
            if (!Guid.TryParseExact(part, "D", out var id)) return false;
            ids.Add(id);
        }

        trainers = [.. ids];
        return parts.Length <= MostTrainers;
    }

    public static ProblemHttpResult WrongTrainers() =>
        Problems.Invalid("trainer", $"is any, or the ids of up to {MostTrainers} trainers with commas between them");

    /// Why there are no slots of it, or null.
    public static ProblemHttpResult? Refusal(Offered? offered) => offered?.Offering switch
    {
        null or { IsActive: false, IsStudioActive: true } => SessionType.Unknown(),
        { IsStudioActive: false } closed => closed.Closed(),
        { LacksRoom: true } roomless => roomless.Closed(),
        { Kind: SessionKind.Group } => Problems.Conflict("session_types.is_a_class", "This is given as classes: enrol in one."),
        _ => null,
    };

    /// Of those who give it, whom the question is about.
    public static IReadOnlyList<Guid> Among(this Offered offered, IReadOnlyList<Guid>? asked) =>
        asked is null ? offered.Trainers : [.. offered.Trainers.Where(asked.Contains)];
}
