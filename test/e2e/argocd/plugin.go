package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/resource"

	cmpserver "github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
)

// serverName is the name under which a sidecar starts Argo CD's server for plugins.
const serverName = "argocd-cmp-server"

func servePlugin() {
	if err := cmpserver.NewCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// generate renders as the repo server does for an Application whose plugin answers in the folder of $ARGOCD_PLUGINSOCKFILEPATH.
func generate(arguments []string) (any, error) {
	root, path, source := arguments[0], arguments[1], v1alpha1.ApplicationSource{}
	if err := json.Unmarshal([]byte(arguments[2]), &source); err != nil {
		return nil, err
	}
	request := apiclient.ManifestRequest{Repo: &v1alpha1.Repository{}, ApplicationSource: &source}
	answer, err := repository.GenerateManifests(context.Background(), path, root, "", &request, true,
		git.NoopCredsStore{}, resource.MustParse("0"), utilio.NewRandomizedTempPaths(""))
	if err != nil {
		return nil, err
	}
	objects := make([]json.RawMessage, len(answer.Manifests))
	for index, text := range answer.Manifests {
		objects[index] = json.RawMessage(text)
	}
	return objects, nil
}
