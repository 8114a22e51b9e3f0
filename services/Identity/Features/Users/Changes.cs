namespace FitFlow.Identity.Features.Users;

/// What `user.updated` says: the names of the fields that differ.
internal static class Changes
{
    public static IReadOnlyList<string> Among(params IReadOnlyList<(string Field, bool Differs)> fields) =>
        [.. fields.Where(field => field.Differs).Select(field => field.Field)];
}
