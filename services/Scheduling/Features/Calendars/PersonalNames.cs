using FitFlow.Scheduling.Features.People;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Features.Calendars;

/// What others are called in somebody's own calendar: for clients who trains them, for trainers who comes, in the studios that they still train in.
internal sealed class PersonalNames
{
    private readonly Guid _person;
    private readonly Dictionary<Guid, IReadOnlyDictionary<Guid, Member>> _members = [];

    private PersonalNames(Guid person) => _person = person;

    /// Of all studios at once. Of those whom Identity does not tell of just now, there are none.
    public static async Task<PersonalNames> Find(Guid person, IReadOnlyList<PersonalRow> rows, People.People people, CancellationToken ct)
    {
        var names = new PersonalNames(person);
        var studios = rows.GroupBy(row => row.StudioId).ToList();
        var found = await Task.WhenAll(studios.Select(here => people.FindIfThere(
            here.Key, [person, .. here.Select(row => row.Other).OfType<Guid>().Distinct()], ct)));
        foreach (var (here, members) in studios.Zip(found)) names._members[here.Key] = members;
        return names;
    }

    public string? Of(PersonalRow row) =>
        row.Other is { } other && _members.GetValueOrDefault(row.StudioId) is { } here && MaySee(row, here) ? here.GetValueOrDefault(other)?.Name : null;

    private bool MaySee(PersonalRow row, IReadOnlyDictionary<Guid, Member> here) =>
        row.Part == Part.Client || here.GetValueOrDefault(_person)?.Is(Role.Trainer) == true;
}
