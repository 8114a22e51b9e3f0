using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("FitFlow.Data.Tests")]
[assembly: InternalsVisibleTo("FitFlow.Bench")]
[assembly: InternalsVisibleTo("FitFlow.Testing")]
