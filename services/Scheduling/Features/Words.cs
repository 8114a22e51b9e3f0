using System.Text.Json;

namespace FitFlow.Scheduling.Features;

internal static class Words
{
    /// As it is written in JSON and in the tables.
    public static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// The value of that name; null for any other text.
    public static T? Named<T>(string? word) where T : struct, Enum => Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => value!.Value.Word() == word);
}
