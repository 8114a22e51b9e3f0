namespace FitFlow.Identity.Features.Users;

/// How much one person may know of another. Each includes what stands before it.
internal enum Sight
{
    Nothing,

    /// The public face of those who work in a studio, for everybody who belongs to it.
    Face,

    /// How to reach them, and what they are like as a client.
    Contact,
}
