using System.Globalization;
using System.Reflection;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Mutants;

/// <summary>
/// The second build's side: reads orders "number first last" and maybe arguments of <c>run</c> from its input, switches
/// that bug on, runs the seeds until one fails, and answers with a line. Number 0 is the right code.
/// </summary>
internal static class MutantWorker
{
    public const string Verb = "--worker";

    public static void Run(TextReader orders, TextWriter answers)
    {
        var switches = Switches();
        while (orders.ReadLine() is { } order)
        {
            var words = order.Split(' ');
            var numbers = words.Take(3).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            foreach (var number in switches)
                number.SetValue(null, numbers[0]);

            var runs = RunArguments.TryParse(words[3..])!.Options;
            answers.WriteLine(Hunt(runs, numbers[1], numbers[2]));
            answers.Flush();
        }
    }

    private static string Hunt(RunOptions runs, int first, int last)
    {
        for (var seed = first; seed <= last; seed++)
        {
            try
            {
                SimulationRun.Run((ulong)seed, runs);
            }
            catch (SimulationFailedException e)
            {
                return $"{seed} {e.Message.Split('\n')[0].Trim()}";
            }
        }

        return "0";
    }

    // Each project that holds a bug has a switch of its own, so that no project has to know another.
    private static FieldInfo[] Switches() =>
        Catalogue.All.SelectMany(b => b.Edits).Select(e => e.Project).Distinct()
            .Select(project => Type.GetType($"{project}.Mutant, {project}", throwOnError: true)!)
            .Select(type => type.GetField("Number", BindingFlags.NonPublic | BindingFlags.Static)!)
            .ToArray();
}
