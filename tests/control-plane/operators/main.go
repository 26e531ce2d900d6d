// Command strata-operators is Kueue and KubeRay in one program: the controllers that let jobs in and that make Ray
// clusters, with the webhooks that their projects install.
//
// It is built from the Go module proxy alone, because no package registry ships these programs as binaries, and both
// are published as container images only. One program costs one link and shares the compiled client libraries. It runs
// the operator named by its own file name (`kueue`, a link to this program).
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

// exitWithStdin names the environment variable that ties this process to the one that started it.
const exitWithStdin = "STRATA_EXIT_WITH_STDIN"

// setupLog is where the start is told.
var setupLog = ctrl.Log.WithName("setup")

func main() {
	if os.Getenv(exitWithStdin) != "" {
		go exitAtEndOfInput()
	}
	configuration := flag.String("config", "", "The file with Kueue's configuration.")
	probes := flag.String("health-probe-bind-address", "0", "Where KubeRay tells that it is ready.")
	logging := zap.Options{}
	logging.BindFlags(flag.CommandLine)
	flag.Parse() // controller-runtime put its --kubeconfig there
	ctrl.SetLogger(zap.New(zap.UseFlagOptions(&logging)))

	var err error
	switch name := filepath.Base(os.Args[0]); name {
	case "kueue":
		err = runKueue(*configuration)
	case "kuberay":
		err = runKubeRay(*probes)
	default:
		err = fmt.Errorf("%s is neither kueue nor kuberay", name)
	}
	if err != nil {
		setupLog.Error(err, "The operator ends")
		os.Exit(1)
	}
}

// exitAtEndOfInput ends the process when its standard input is closed. The harness holds the other end of that pipe,
// so that no operator is left behind when a test run is killed and has no time to clean up.
func exitAtEndOfInput() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// probe lets the harness ask whether the operator is alive and, beyond that, ready.
func probe(manager ctrl.Manager, ready healthz.Checker) error {
	if err := manager.AddHealthzCheck("healthz", healthz.Ping); err != nil {
		return fmt.Errorf("the health check: %w", err)
	}
	if err := manager.AddReadyzCheck("readyz", ready); err != nil {
		return fmt.Errorf("the readiness check: %w", err)
	}
	return nil
}
