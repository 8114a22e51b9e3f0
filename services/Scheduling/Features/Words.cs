using System.Text.Json;

namespace FitFlow.Scheduling.Features;

internal static class Words
{
    /// As it is written in JSON and in the tables.
    public static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
